"""Where to find support: what services chose to show, by nation. Never where a safehouse is, nor whose it is."""
