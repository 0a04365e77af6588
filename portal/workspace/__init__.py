"""Where everybody who signs in begins: what needs me now, my tasks, my notices."""
