"""Obtain an embedding model: the one shipped with the program, a folder, or one of a model hub."""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval import sentences

DEFAULT_MODEL = "laofashi-e5-small"  # MIT; made by retrieval.learning
SHIPPED = Path(__file__).parent / DEFAULT_MODEL
EXPORTER = "retrieval.embedding.export"  # run in a process of its own
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


def obtained(name_or_path: str, models_dir: Path, announce: Callable[[str], None]) -> Path:
    """Return the folder of the exported model; the model is obtained and exported the first time only.

    The shipped model and a folder that holds model.onnx are returned as they are. Every other exported model lies under
    `models_dir`, where a file also keeps which folder a name led to, so that the hub is asked once. Raises
    ModelUnavailable.
    """
    if there := present(name_or_path, models_dir):
        return there
    local = _local(name_or_path)
    models_dir.mkdir(parents=True, exist_ok=True)
    if local.is_dir():
        return exported(local_source(local), models_dir, announce)
    sweep(models_dir)
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".obtaining-") as scratch:
        folder = exported(_from_hub(name_or_path, Path(scratch), announce), models_dir, announce)
    _memo(name_or_path, models_dir).write_text(json.dumps({"folder": folder.name}), encoding="utf-8")
    return folder


def present(name_or_path: str, models_dir: Path) -> Path | None:
    """Return the folder of the exported model if nothing has to be done for it any more."""
    local = _local(name_or_path)
    if (local / "model.onnx").is_file():
        return local
    memo = _memo(name_or_path, models_dir)
    if not local.is_dir() and memo.is_file():
        folder = models_dir / str(json.loads(memo.read_text(encoding="utf-8"))["folder"])
        if (folder / "model.json").is_file():
            return folder
    return None


def _local(name_or_path: str) -> Path:
    return SHIPPED if name_or_path == DEFAULT_MODEL else Path(name_or_path)


def _memo(name: str, models_dir: Path) -> Path:
    return models_dir / f"{name.replace('/', '--')}.json"


def sweep(models_dir: Path) -> None:
    """Remove what a killed download, export or tuning left: hidden folders not touched for LEFT_SECONDS."""
    for left in models_dir.glob(".*-*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def obtained_source(name_or_path: str, scratch: Path, announce: Callable[[str], None]) -> Source:
    """Return a model's weights as sentence-transformers loads them: from a folder, or put into `scratch`.

    An exported model that came without weights gives those that eight bits kept. Raises ModelUnavailable.
    """
    if importlib.util.find_spec("sentence_transformers") is None:
        raise ModelUnavailable(sentences.NO_TORCH)
    local = _local(name_or_path)
    if not local.is_dir():
        return _from_hub(name_or_path, scratch, announce)
    if (local / "model.onnx").is_file() and not _weights(local):
        from retrieval.embedding.weights import restored  # torch

        return local_source(restored(local, scratch / local.name))
    return local_source(local)


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


def local_source(folder: Path) -> Source:
    """Return the administrator's own folder as a source. Raises ModelUnavailable where it holds no weights."""
    weights = _weights(folder)
    if not weights:
        raise ModelUnavailable(sentences.NO_WEIGHTS.format(folder=folder))
    digest = hashlib.sha256()
    for path in weights:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return Source(folder, f"{folder.resolve().name}@{digest.hexdigest()[:8]}")


def _weights(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.safetensors"), *folder.glob("pytorch_model*.bin")])


def amend_card(folder: Path, **facts: float) -> None:
    """Put more facts about an exported model into its card."""
    card = folder / "model.json"
    said = json.loads(card.read_text(encoding="utf-8")) | facts
    card.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def exported(source: Source, models_dir: Path, announce: Callable[[str], None]) -> Path:
    """Return the folder under `models_dir` of the exported model. Raises ModelUnavailable.

    A new model is exported to a temporary folder beside it, which is then renamed, so that one process wins.
    """
    name = f"{source.label}-int8"
    final = models_dir / name
    if (final / "model.json").is_file():
        return final
    announce(sentences.EXPORTING)
    card = json.dumps({"name": name})
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".exporting-") as scratch:
        target = Path(scratch) / name
        command = [sys.executable, "-m", EXPORTER, str(source.folder), str(target), card]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=EXPORT_SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise ModelUnavailable(sentences.EXPORT_TOO_LONG.format(name=name, seconds=EXPORT_SECONDS)) from error
        if "No module named" in done.stderr:
            raise ModelUnavailable(sentences.NO_TORCH)
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
