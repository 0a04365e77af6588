"""Logs without readers: the record of a failure loses the request, its address and its path before anything is written."""

import logging
import traceback


class NoReader(logging.Filter):
    """Keeps what failed in our code; drops who asked, for which page and with which values."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite records that come with a request. Always lets the record through."""
        if hasattr(record, "request"):
            record.msg, record.args = "a request failed with status %s", (getattr(record, "status_code", 500),)
            del record.request
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            # File, line and function only: the message of an exception may quote what was asked for.
            frames = "".join(traceback.format_tb(trace)[-6:])
            record.msg, record.args = f"{record.getMessage()}: {kind.__name__}\n{frames}", ()
            record.exc_info = record.exc_text = None
        return True
