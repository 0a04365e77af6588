"""The building: accounts, content management, design. It knows nothing of survivors, providers or standards."""
