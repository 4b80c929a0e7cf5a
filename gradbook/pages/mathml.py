"""Markdown as HTML with its formulas as MathML, which browsers show without any script."""

from __future__ import annotations

from html import escape, unescape

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


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


def _mathml(latex: str, display: str) -> str:
    """A formula as MathML, or as the text it is where it cannot be read."""
    from latex2mathml.converter import convert

    try:
        # The converter knows the one name of the two.
        return convert(latex.replace("{aligned}", "{align*}"), display=display)
    except Exception:
        return f"<code>{escape(latex)}</code>"


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """The filter that nbgrader's templates use for text cells and comments."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = Renderer(escape=False, attachments=attachments, anchor_link_text="", exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source)
