"""The command line: files -> summary, JSON, text, or the page with its labels; and the server."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError
from rich.console import Console

from schemas.request import (
    LANGUAGE_NEEDED,
    REQUIRABLE,
    STATUSES,
    CleanOptions,
    OffsetUnit,
    Profile,
    SegmentChoice,
    is_language,
)
from service import show
from service.detector import counted
from service.errors import ServiceError, field_errors
from service.http.accept import ContentType, Form, Media, read_content_type
from service.http.answer import Examined, Sent, answer, examine_envelope, examine_page
from service.http.envelope import JsonLimits
from service.http.pipe import clean_lines, open_sources
from service.http.server import serve as run_server
from service.settings import Settings
from service.version import VERSION

STDIN: Final = "-"
FAILED: Final = 1
"""Exit code where a page could not be read or was refused; the others are done all the same."""
_MARKUP_SUFFIXES: Final = frozenset((".html", ".htm", ".xhtml"))

app = typer.Typer(
    name="ghirbal",
    help="A raw page dump in; a validated clean article, every removed span labelled, and a score out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SomeFiles = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE...", help="Pages to read; - is standard input, as is none with --ndjson."),
]
Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="Pages to read; - is standard input.")]
ProfileOption = Annotated[Profile, typer.Option(help="How boldly to remove.")]
TypeOption = Annotated[
    str | None, typer.Option(metavar="TYPE", help="Media type of the files; the bytes decide unless given.")
]
CharsetOption = Annotated[str | None, typer.Option(metavar="NAME", help="Charset of the files, as a hint.")]
UrlOption = Annotated[str | None, typer.Option(metavar="URL", help="Address of the page.")]
LanguageOption = Annotated[
    str | None, typer.Option(metavar="TAG", help="BCP 47 tag of the pages' language, as a hint.")
]
ScoreOption = Annotated[
    float | None, typer.Option(metavar="0..1", help="Send pages below this score to review.")
]
RequireOption = Annotated[
    str | None,
    typer.Option(metavar="FIELD,...", help=f"Send pages without one to review: {', '.join(REQUIRABLE)}."),
]


class Output(StrEnum):
    """What `ghirbal clean` prints."""

    SUMMARY = "summary"
    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"


_FORMS: Final = {Output.JSON: Form.JSON, Output.TEXT: Form.TEXT, Output.MARKDOWN: Form.MARKDOWN}


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ghirbal {VERSION}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A raw page dump in; a validated clean article, every removed span labelled, and a score out."""
    del version


@app.command()
def clean(
    files: SomeFiles = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as the service would.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Print the article's body alone.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the article as Markdown.")] = False,
    ndjson: Annotated[
        bool, typer.Option("--ndjson", help="Read envelopes, a line each, and print answers, a line each.")
    ] = False,
    profile: ProfileOption = Profile.GENERIC,
    offsets: Annotated[OffsetUnit, typer.Option(help="What offsets count.")] = OffsetUnit.CODEPOINT,
    segments: Annotated[SegmentChoice, typer.Option(help="Which segments to print.")] = SegmentChoice.REMOVED,
    min_score: ScoreOption = None,
    require: RequireOption = None,
    rendered: Annotated[bool, typer.Option("--rendered", help="Print the text offsets count in.")] = False,
    content_type: TypeOption = None,
    charset: CharsetOption = None,
    url: UrlOption = None,
    language: LanguageOption = None,
    source_status: Annotated[
        int | None,
        typer.Option(min=STATUSES[0], max=STATUSES[-1], help="HTTP status the crawler got."),
    ] = None,
) -> None:
    """Clean pages and say, for each, what was kept, what was cut and why, and how good it is.

    Exit code 0: every page was answered, whatever its verdict.
    Exit code 1: a file could not be read, a page or line was refused, or answers could not be written.
    Exit code 2: a wrong option.
    """
    output = _one_output(json=json, text=text, markdown=markdown)
    options = _options(
        profile=profile,
        offsets=offsets,
        segments=segments,
        minScore=min_score,
        require=require,
        rendered=rendered,
    )
    if ndjson:
        _clean_lines(files or [], options, alone=output is Output.SUMMARY)
        return
    if not files:
        raise typer.BadParameter("name a file, or - for standard input", param_hint="FILE")
    console = Console(highlight=False, soft_wrap=True)
    failed = False
    with _written():
        for name, examined in _each(
            files, options, _hints(content_type, charset, url, language, source_status)
        ):
            if examined is None:
                failed = True
            elif output is Output.SUMMARY:
                console.print(show.summary(name, examined.complete, examined.page_text), end="\n\n")
            else:
                _write(answer(examined, _FORMS[output]).body)
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def explain(
    files: Files,
    profile: ProfileOption = Profile.GENERIC,
    content_type: TypeOption = None,
    charset: CharsetOption = None,
    url: UrlOption = None,
    language: LanguageOption = None,
) -> None:
    """Print pages with labels before all that was cut or lifted; a ? says: in doubt, and kept.

    Exit code 0: every page was shown.
    Exit code 1: a file could not be read, or its rows could not be written.
    Exit code 2: a wrong option.
    """
    console = Console(highlight=False, soft_wrap=True)
    failed = False
    with _written():
        for _, examined in _each(
            files, CleanOptions(profile=profile), _hints(content_type, charset, url, language)
        ):
            if examined is None:
                failed = True
                continue
            for row in show.labelled(examined.complete, examined.page_text):
                console.print(row, end="\n")
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [GHIRBAL_HOST].")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on [GHIRBAL_PORT].")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Pages cleaned at the same time [GHIRBAL_WORKERS].")
    ] = None,
) -> None:
    """Answer HTTP until told to stop. Every setting is an environment variable; options go before it."""
    settings = _settings(host=host, port=port, workers=workers)
    run_server(settings)


@app.command()
def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="IN...", help="WARC, WET, JSONL and Parquet files, folders, globs, addresses."
        ),
    ],
    out: Annotated[
        str, typer.Option(metavar="DIR", help="Where rows go; an unfinished run is gone on with.")
    ],
    engine: Annotated[str, typer.Option(help="local, or ray (with the extra of that name).")] = "local",
    profile: ProfileOption = Profile.GENERIC,
    format: Annotated[str, typer.Option(help="parquet or jsonl.zst.")] = "parquet",  # noqa: A002 - its name
    segments: Annotated[SegmentChoice, typer.Option(help="Which segments rows hold.")] = SegmentChoice.NONE,
    offsets: Annotated[OffsetUnit, typer.Option(help="What offsets count.")] = OffsetUnit.CODEPOINT,
    min_score: ScoreOption = None,
    require: RequireOption = None,
    rendered: Annotated[bool, typer.Option("--rendered", help="Add the text offsets count in.")] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=NAME", help="The column that holds a field, as in text=raw_text."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Pages cleaned at the same time [GHIRBAL_WORKERS].")
    ] = None,
    part_pages: Annotated[int, typer.Option(min=1, help="Pages of a part, the unit of work.")] = 1000,
    address: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="The Ray cluster; one is started here unless given."),
    ] = None,
) -> None:
    """Clean whole archives into tables: a row a page, what was refused beside them, and a report.

    Exit code 0: the run is complete; pages that were refused are problems in its output.
    Exit code 1: every page was refused, or the run could not be made.
    Exit code 2: a wrong option.
    Exit code 130: stopped; the same command goes on where it was.
    """
    options = _options(
        profile=profile,
        offsets=offsets,
        segments=segments,
        minScore=min_score,
        require=require,
        rendered=rendered,
    )
    settings = _settings(workers=workers)
    try:
        from service.batch import command  # noqa: PLC0415 - what it needs is an extra
    except ModuleNotFoundError as error:
        _complain("batch", f"{error.name} is not installed: pip install 'ghirbal[batch]'")
        raise typer.Exit(FAILED) from None
    raise typer.Exit(
        command.main(sources, out, engine, format, options, settings, column or [], part_pages, address)
    )


def _clean_lines(files: list[str], options: CleanOptions, *, alone: bool) -> None:
    if not alone:
        raise typer.BadParameter("--ndjson excludes the other forms")
    try:
        sources = open_sources(files, sys.stdin.buffer)
    except OSError as error:
        _complain(str(error.filename), error.strerror or type(error).__name__)
        raise typer.Exit(FAILED) from None
    with _written():
        refused = clean_lines(sources, sys.stdout.buffer, options, _settings())
    if refused:
        typer.echo(f"ghirbal: {counted(refused, 'line')} could not be cleaned", err=True)
        raise typer.Exit(FAILED)


@contextmanager
def _written() -> Iterator[None]:
    """What is printed here may find no room, or no reader: then that is all that is said."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # else whoever read the answers has left
            _complain(str(error.filename or "standard output"), error.strerror or type(error).__name__)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes nowhere
        raise typer.Exit(FAILED) from None


@dataclass(frozen=True, slots=True)
class Hints:
    """What was said of the files."""

    type: ContentType
    charset: str | None
    url: str | None
    language: str | None
    status: int | None


def _hints(
    content_type: str | None,
    charset: str | None,
    url: str | None,
    language: str | None,
    status: int | None = None,
) -> Hints:
    try:
        given = read_content_type(content_type)
    except ServiceError as error:
        raise typer.BadParameter(error.detail, param_hint="--content-type") from None
    if language is not None and not is_language(language):
        raise typer.BadParameter(LANGUAGE_NEEDED, param_hint="--language")
    return Hints(given, charset or given.charset, url, language, status)


def _each(files: list[str], options: CleanOptions, hints: Hints) -> Iterator[tuple[str, Examined | None]]:
    """Each file with its result, or with None and a message on standard error."""
    settings = _settings()
    limits = JsonLimits(depth=settings.max_json_depth, values=settings.max_json_values)
    for name in files:
        hint = hints.type.hint
        if hints.type.media is None and Path(name).suffix.lower() in _MARKUP_SUFFIXES:
            hint = Media.HTML
        try:
            sent = Sent(_read(name), hint, hints.charset, hints.url, hints.status, language=hints.language)
            if hints.type.media is Media.JSON:
                yield name, examine_envelope(sent, options, limits)
            else:
                yield name, examine_page(sent, options)
        except OSError as error:
            _complain(name, error.strerror or type(error).__name__)
            yield name, None
        except ServiceError as error:
            _complain(name, error.detail)
            yield name, None


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()


def _write(body: bytes) -> None:
    """Bytes as they are, so that they are those of the service, and a line break where none is."""
    sys.stdout.buffer.write(body if body.endswith(b"\n") else body + b"\n")
    sys.stdout.buffer.flush()


def _complain(name: str, what: str) -> None:
    typer.echo(f"ghirbal: {show.clean_line(name)}: {show.clean_line(what)}", err=True)


def _one_output(*, json: bool, text: bool, markdown: bool) -> Output:
    chosen = {Output.JSON: json, Output.TEXT: text, Output.MARKDOWN: markdown}
    wanted = [output for output, asked in chosen.items() if asked]
    if len(wanted) > 1:
        raise typer.BadParameter(" and ".join(f"--{output}" for output in wanted) + " exclude each other")
    return wanted[0] if wanted else Output.SUMMARY


def _options(**given: object) -> CleanOptions:
    try:
        return CleanOptions.model_validate(given)
    except ValidationError as error:
        (failed, *_) = field_errors([dict(one) for one in error.errors()], CleanOptions.model_fields)
        hint = {"minScore": "--min-score"}.get(failed["field"], f"--{failed['field']}")
        raise typer.BadParameter(failed["message"], param_hint=hint) from None


def _settings(**given: str | int | None) -> Settings:
    """Settings from the environment, save for those given here."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise typer.BadParameter(wrong, param_hint="settings") from None
