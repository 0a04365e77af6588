"""What a service can show: evidence with a claim and a period, in versions, checked on arrival."""
