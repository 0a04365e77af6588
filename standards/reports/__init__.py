"""Reports: built from findings, checked for facts by the provider, frozen, and issued to exactly those who may have them."""
