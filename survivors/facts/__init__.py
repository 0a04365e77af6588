"""The register of facts: telephone numbers, links, amounts and time limits, each in one place."""
