"""Pages and their languages: what every kind of page shares, on top of Wagtail."""
