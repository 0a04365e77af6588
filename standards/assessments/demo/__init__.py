"""Two years of made-up work for the demo: what happened (``story``) and how it gets into the tables (``telling``)."""
