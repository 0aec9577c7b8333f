"""Convert old office files with LibreOffice, if installed: DOC, WPS, RTF, ODT to DOCX; XLS, ET, ODS to XLSX."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

from knowledge import sentences
from knowledge.formats.unreadable import NeedsOffice

STARTS = 2  # the first start only completes a new profile
LIBRARIES = 160 * 1024**2  # bytes of LibreOffice's memory that are code
MOST_BYTES = 200_000_000  # of what LibreOffice writes
MEDIA_TYPES = {
    ".doc": "application/msword",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".xls": "application/vnd.ms-excel",
    ".xml": "application/xml",
}
_USUAL_PLACES = (
    Path("/usr/lib/libreoffice/program/soffice"),
    Path("/opt/libreoffice/program/soffice"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
</oor:items>
"""


def program() -> Path | None:
    """Find LibreOffice on this machine: the program itself if possible, else the script that starts it."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    for place in (Path(found).resolve(), *_USUAL_PLACES) if found else _USUAL_PLACES:
        direct = place.with_name("soffice.bin")
        for candidate in (direct, place):
            if candidate.is_file() and os.access(candidate, os.X_OK):
                return candidate
    return None


def missing(suffix: str) -> str:
    """Return the sentence for a machine without LibreOffice."""
    return sentences.OFFICE_MISSING.format(kind=suffix.lstrip(".").upper())


def become(office: Path, file: Path, folder: Path, needs: NeedsOffice) -> NoReturn:
    """Replace this process by LibreOffice, which converts `file` into `folder` with a profile of its own there.

    Macros do not run and links are not followed. The limits of this process stay in place. The first start only
    completes the profile. It ends with status 81, which asks for a second start: `STARTS` in all.
    """
    source = folder / f"file{needs.suffix}"
    user = folder / "profile" / "user"
    if not user.exists():
        user.mkdir(parents=True)
        source.symlink_to(file.resolve())
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        str(office),
        profile,
        *options,
        "--convert-to",
        needs.target,
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    usual = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp", "SAL_DISABLE_OPENCL": "1"}
    os.execve(office, command, usual | {"HOME": str(folder), "TMPDIR": str(folder)})  # noqa: S606  (no shell: a program of this machine, fixed arguments)


def made(folder: Path, needs: NeedsOffice) -> Path | None:
    """Return the file that LibreOffice wrote, or None."""
    path = folder / "out" / f"file.{needs.target.split(':')[0]}"
    return path if path.is_file() and path.stat().st_size else None
