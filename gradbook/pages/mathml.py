"""Markdown as HTML with its formulas as MathML, which browsers show without any script."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from ..intake.grammars import prepare_nbformat

prepare_nbformat()  # nbconvert imports nbformat

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath  # noqa: E402

ELEMENTS = (
    "math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup msubsup munder "
    "mover munderover mmultiscripts mprescripts none mtable mtr mtd"
)
TAG = re.compile(rf"(</?(?:{ELEMENTS.replace(' ', '|')})(?: [a-z]+=\"[^\"<>&]*\")* ?/?>)")
NO_ENTITY = re.compile(r"&(?!#x?[0-9A-Fa-f]{1,6};)")
# What a formula's attribute may be: nothing that loads or leads anywhere.
ATTRIBUTES = re.compile(
    r" (?!(?:accent|columnalign|columnlines|columnspacing|depth|display|displaystyle|fence|form|frame|height|largeop|"
    r"linethickness|lspace|mathsize|mathvariant|maxsize|minsize|movablelimits|notation|rowlines|rowspacing|rspace|"
    r"scriptlevel|separator|stretchy|symmetric|voffset|width)=)[a-z]+=\"[^\"]*\""
)
IMAGE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")
LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
ALONE = re.compile(r"<mrow>(<(m[ino])(?: [a-z]+=\"[^\"]*\")*>[^<]*</\2>)</mrow>")  # a row of one
WIDE = 30  # characters of a formula
DEEPEST = 500  # brackets within brackets of a formula


class Renderer(IPythonRenderer):
    """nbconvert's renderer, but for formulas."""

    def block_code(self, code: str, info: str | None = None) -> str:
        # The page's source was escaped before it comes here: escaped once more it would not be what was written.
        return super().block_code(code if info else unescape(code), info)

    def inline_math(self, body: str) -> str:
        return _mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return _mathml(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return _mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


def plain(text: str) -> str:
    """What stands for a picture, which comes as HTML, as the value of an attribute."""
    return escape(unescape(re.sub(r"<[^>]*>", "", text)))


class SafeRenderer(Renderer):
    """Makes HTML that can do nothing from Markdown that anybody may have written.

    HTML in it is shown as text; pictures are those that it holds itself. A heading has the id "@", for the page to
    number.
    """

    def __init__(self, attachments: dict[str, dict[str, str]] | None = None) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, attachments=attachments, exclude_anchor_links=True)

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{escape(code.rstrip())}</code></pre>\n"

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f'<h{level} id="@">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return f'<a href="{escape(url)}" rel="noreferrer">{text}</a>' if LINK.match(url) else text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        held = next(iter(self.attachments.get(url.removeprefix("attachment:"), {}).items()), None)
        url = f"data:{held[0]};base64,{held[1]}" if held else url
        told = plain(text)
        return f'<img src="{url}" alt="{told}">' if IMAGE.fullmatch(url) else f"[{told or 'a picture'}]"

    def table(self, text: str) -> str:
        return f'<div class="scroll" tabindex="0" role="group" aria-label="a table"><table>{text}</table></div>'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        tag = "th" if head else "td"
        return f"<{tag}>{text}</{tag}>"

    def inline_math(self, body: str) -> str:
        return safe_mathml(body, "inline")

    def block_math(self, body: str) -> str:
        # What may be wider than a phone is scrolled, also by keys.
        by_keys = ' tabindex="0" role="group" aria-label="a formula"' if len(body) > WIDE else ""
        return f'<span class="formula"{by_keys}>{safe_mathml(body, "block")}</span>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


@lru_cache(maxsize=20_000)
def safe_mathml(latex: str, display: str) -> str:
    """A formula as MathML, in which everything but MathML's own tags is text."""
    if sum(map(latex.count, "{[(\\")) > DEEPEST:
        return f"<code>{escape(latex)}</code>"
    parts = TAG.split(_mathml(latex, display).replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))
    made = [ATTRIBUTES.sub("", part) if k % 2 else _as_text(part) for k, part in enumerate(parts)]
    return _lean("".join(made)) if _is_whole(made[1::2]) else f"<code>{escape(latex)}</code>"


def _lean(formula: str) -> str:
    """The same formula in fewer characters, of which a page has thousands: no rows of one, no defaults."""
    return ALONE.sub(r"\1", formula.replace(' display="inline"', "", 1))


def _is_whole(tags: list[str]) -> bool:
    """Whether these are the tags of one formula, each closed where it should be."""
    ahead: list[str] = []
    for number, tag in enumerate(tags):
        name = tag.strip("</>").partition(" ")[0]
        if (name == "math") != (number in (0, len(tags) - 1)):
            return False
        if tag.startswith("</"):
            if not ahead or ahead.pop() != name:
                return False
        elif not tag.endswith("/>"):
            ahead.append(name)
    return bool(tags) and not ahead


def _as_text(part: str) -> str:
    """What stands between two tags, with the entities that are numbers as the characters they are."""
    return escape(unescape(NO_ENTITY.sub("&amp;", part)), quote=False)


def _mathml(latex: str, display: str) -> str:
    """A formula as MathML, or as the text it is where it cannot be read."""
    from latex2mathml.converter import convert

    try:
        # The converter knows the one name of the two.
        return convert(latex.replace("{aligned}", "{align*}"), display=display)
    except Exception:
        return f"<code>{escape(latex)}</code>"


def safe_html(source: str, attachments: dict[str, dict[str, str]] | None = None) -> str:
    """Markdown as HTML that can do nothing, see SafeRenderer. Where it cannot be read, the text that it is."""
    try:
        return str(MarkdownWithMath(renderer=SafeRenderer(attachments)).render(source))
    except Exception:  # of many kinds, where brackets are nested beyond reason
        return f"<pre>{escape(source)}</pre>"


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """The filter that nbgrader's templates use for text cells and comments."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = Renderer(escape=False, attachments=attachments, anchor_link_text="", exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source)
