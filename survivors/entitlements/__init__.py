"""The rights finder: a few gentle questions, and what a survivor can ask for. No answer leaves the phone."""
