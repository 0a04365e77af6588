"""The rights pages: what survivors can ask for, in their language, with sources and checks."""
