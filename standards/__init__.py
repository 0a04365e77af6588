"""The Standards, assessments and inspections (to come)."""
