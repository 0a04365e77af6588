"""Reports of inspections, as their people and rivals meet them."""
