"""Takes in what a browser sends: never more of a file than is allowed, and never in a folder that other programs read.

Django would put a large upload into the machine's own folder for passing files. Here it goes into ``var/uploads`` (mode 700,
``FILE_UPLOAD_TEMP_DIR``), which ``sweeping`` empties of what a killed process left.
"""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from standards.evidence.arrival import MOST_BYTES

MONSTROUS = 4 * MOST_BYTES  # no slip of the hand: not even read to its end
MARK = "waymark.file_too_big"  # in ``request.META``: a file was dropped, and the form says so


class Limit(FileUploadHandler):
    """Drops a file at 50 MB and a byte, and goes on with the other fields: nothing typed is lost."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,  # bytes, whatever the stubs say
        encoding: str | None = None,
    ) -> None:
        """A request that says itself that it is monstrous is not read."""
        self.total = 0
        self.is_monstrous = content_length > MONSTROUS

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Each file counts for itself."""
        super().new_file(*args, **kwargs)
        self.total = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Counts, and hands the piece on."""
        self.total += len(raw_data)
        if self.total > MOST_BYTES or self.is_monstrous:
            if self.request is not None:
                self.request.META[MARK] = True
            raise StopUpload(connection_reset=True) if self.is_monstrous else SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""
