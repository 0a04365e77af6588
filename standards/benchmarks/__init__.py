"""Where a service stands among others: frozen each quarter, nothing recoverable."""
