"""Inspections: a dated regime, a plan, a visit, findings with permanent names, and judgements kept beside the provider's own."""
