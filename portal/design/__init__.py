"""How Waymark looks: tokens, pictograms, inline styles, error pages, the gallery of components."""
