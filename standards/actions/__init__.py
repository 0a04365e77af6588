"""What will be done about a gap, by whom and until when; done is verified by somebody else."""
