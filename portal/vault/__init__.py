"""Encrypts records one by one. Destroying a record's key erases it in every copy, backups included.

This is not end-to-end encryption: whoever runs code in the portal can read what the portal can read. It protects against a
stolen database, disk or backup, and it makes erasure final.
"""
