"""Quick exit: the page disappears at once, and Back does not bring it back (requirements QX-01 to QX-26)."""
