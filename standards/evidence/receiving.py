"""Takes in what a browser sends: never more than is allowed, and never in a folder that other programs read.

Django would put a large upload into the machine's own folder for passing files. Here it goes into ``var/uploads`` (mode 700),
which ``sweeping`` empties of what a killed process left.
"""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler

from standards.evidence.arrival import MOST_BYTES

AROUND = 1024 * 1024  # of the fields beside the file


class Limit(FileUploadHandler):
    """Stops reading at 50 MB and a byte. What was sent so far is dropped; the form then says that the file was too large."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """A size that says itself that it is too large is refused before a byte is kept."""
        self.total = 0
        self.is_announced_too_big = content_length > MOST_BYTES + AROUND

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Counts, and hands the piece on."""
        self.total += len(raw_data)
        if self.is_announced_too_big or self.total > MOST_BYTES:
            if self.request is not None:
                self.request.META["waymark.too_big"] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""


class Passing(TemporaryFileUploadHandler):
    """Keeps a large upload in our own folder, and takes it away when the browser stops half-way."""

    def upload_interrupted(self) -> None:
        """The browser went away, or we stopped it."""
        if hasattr(self, "file"):
            self.file.close()
