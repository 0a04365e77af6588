"""Pictograms: line drawings on a 24 × 24 grid, two units wide, drawn for Waymark. Pure data.

They stand beside words and never replace them, so they are hidden from screen readers.
"""

ICONS: dict[str, str] = {
    "mark": '<path d="M8 21V8l8-5"/><path d="M16 21v-9"/>',
    "answer": '<path d="M4 4h16v12h-9l-5 4v-4H4z"/><path d="m8 10 3 3 5-6"/>',
    "birthday": '<path d="M4 20v-7h16v7z"/><path d="M8 13v-3M12 13v-3M16 13v-3M4 16c3 2 5-2 8 0s5-2 8 0"/><path d="M12 6V4"/>',
    "book": '<path d="M12 6c-3-2-6-2-8-1v14c2-1 5-1 8 1 3-2 6-2 8-1V5c-2-1-5-1-8 1z"/><path d="M12 6v14"/>',
    "briefcase": '<path d="M3 8h18v12H3z"/><path d="M9 8V5h6v3M3 13h18"/>',
    "bubble": '<path d="M3 4h12v9H9l-4 3v-3H3z"/><path d="M17 9h4v8h-2v3l-4-3h-4v-2"/>',
    "calendar": '<path d="M4 6h16v14H4z"/><path d="M4 10h16M9 3v5M15 3v5"/>',
    "care": '<path d="M12 4 2 20h20z"/><path d="M12 10v5M12 17v1"/>',
    "child": '<circle cx="12" cy="6" r="3"/><path d="M12 9v7M8 12h8M12 16l-3 5M12 16l3 5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l4 2"/>',
    "coin": '<circle cx="12" cy="12" r="9"/><path d="M15 8.5c-2-1.5-5-1-5 1.5 0 2 1 3 0 6h6M8 12.5h5"/>',
    "door": '<path d="M6 21V3h12v18M3 21h18"/><path d="M14 12v1"/>',
    "eye": '<path d="M2 12c5-8 15-8 20 0-5 8-15 8-20 0z"/><circle cx="12" cy="12" r="3"/>',
    "family": '<circle cx="8" cy="6" r="3"/><circle cx="17" cy="9" r="2"/><path d="M3 20c0-6 2-8 5-8s5 2 5 8M13 20c0-4 2-6 4-6s4 2 4 6"/>',
    "guide": '<circle cx="7" cy="5" r="2.5"/><circle cx="17" cy="8" r="2"/><path d="M7 8v7l-2 6M7 15l2 6M7 10l5 3 5-2M17 11v5l-1 5M17 16l1 5"/>',
    "hand": '<path d="M8 13V6M11 12V4M14 12V5M17 13V8M8 13l-3-2c-1 3 2 10 7 10s6-4 5-8"/>',
    "handover": '<path d="M3 9h7l3 3M21 15h-7l-6-3"/><path d="m16 12 5 3-5 3M8 6 3 9l5 3"/>',
    "health": '<path d="M12 20C4 14 2 11 3 8c1-4 7-4 9 0 2-4 8-4 9 0 1 3-1 6-9 12z"/><path d="M12 10v5M9.5 12.5h5"/>',
    "help": '<circle cx="12" cy="12" r="9"/><path d="M9 9.5c0-4 6-4 6 0 0 2-3 2-3 4.5M12 16.5v1"/>',
    "home": '<path d="m3 12 9-8 9 8M6 10v10h12V10"/><path d="M10 20v-6h4v6"/>',
    "house": '<path d="m3 12 9-8 9 8M6 10v10h12V10"/><path d="M9 15c2 2 4 2 6 0"/>',
    "letter": '<path d="M3 6h18v13H3z"/><path d="m3 7 9 7 9-7"/>',
    "list": '<path d="M9 6h12M9 12h12M9 18h12M4 6h1M4 12h1M4 18h1"/>',
    "lock": '<path d="M5 11h14v10H5z"/><path d="M8 11V8c0-5 8-5 8 0v3"/>',
    "map": '<path d="m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2z"/><path d="M9 4v14M15 6v14"/>',
    "no": '<path d="M4 4h16v12h-9l-5 4v-4H4z"/><path d="m9 7 6 6M15 7l-6 6"/>',
    "pause": '<path d="M4 18h16M6 18c0-7 12-7 12 0"/><path d="M12 8V4M5 10 3 8M19 10l2-2"/>',
    "phone": '<path d="M5 4h4l2 5-3 2c1 3 2 4 5 5l2-3 5 2v4c-9 2-17-6-15-15z"/>',
    "plane": '<path d="M3 12h6l4-8h2l-2 8h6l2 2-2 2h-6l2 6h-2l-4-6H5z"/>',
    "scales": '<path d="M12 3v18M7 21h10M5 6h14"/><path d="m5 6-3 7h6zM19 6l-3 7h6z"/>',
    "shield": '<path d="M12 3 4 6v6c0 5 4 8 8 9 4-1 8-4 8-9V6z"/><path d="m8 12 3 3 5-6"/>',
    "steps": '<path d="M3 20h5v-5h5v-5h5V5h3"/>',
    "tick": '<path d="m4 13 5 5L20 6"/>',
    "umbrella": '<path d="M3 13c0-12 18-12 18 0z"/><path d="M12 13v6c0 3-4 3-4 0M12 4V3"/>',
    "worker": '<circle cx="12" cy="7" r="4"/><path d="M4 21c0-7 3-9 8-9s8 2 8 9"/><path d="m10 16 2 2 2-2"/>',
    "next": '<path d="M4 12h15M13 6l6 6-6 6"/>',
    "search": '<circle cx="10" cy="10" r="6"/><path d="m15 15 6 6"/>',
    "print": '<path d="M7 9V3h10v6M7 18H4V9h16v9h-3"/><path d="M7 14h10v7H7z"/>',
}

ICON_CHOICES = sorted((name, name) for name in ICONS if name not in {"mark", "next", "search", "print"})
