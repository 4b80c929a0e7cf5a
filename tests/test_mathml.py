"""Formulas as browsers show them without scripts."""

import re

from gradbook.pages.mathml import markdown2html, safe_html, safe_mathml


def test_every_formula_of_a_lesson_can_be_shown(homework_id, template):
    cells = [cell.source for cell in template(homework_id).cells if cell.cell_type == "markdown"]
    text = markdown2html({}, "\n\n".join(cells))
    formulas = re.findall(r"<math.*?</math>", text, re.DOTALL)
    assert len(formulas) > 5
    assert not [f for f in formulas if "&<" in f or "\\\\" in f]
    assert not re.search(r"<code>[^<]*\\[a-z]+[^<]*</code>", text)


def test_aligned_lines_are_rows():
    formula = "$$\n\\begin{aligned}\na &= 1 && (n, 1)\\\\\nb &= 2 && (n, h)\n\\end{aligned}\n$$"
    assert markdown2html({}, formula).count("<mtr>") == 2


def test_a_formula_has_no_row_of_one():
    assert safe_mathml("w_i", "inline") == "<math><mrow><msub><mi>w</mi><mi>i</mi></msub></mrow></math>"
    made = safe_mathml(r"\frac{a}{b c}", "block")
    assert "<mfrac><mi>a</mi><mrow><mi>b</mi><mi>c</mi></mrow></mfrac>" in made


def test_what_stands_for_a_picture_is_plain_text():
    made = safe_html('![a "b" *c* <d>](data:image/png;base64,AAAA) ![a "b" *c*](elsewhere.png)')
    assert 'alt="a &quot;b&quot; c &lt;d&gt;">' in made and "[a &quot;b&quot; c]" in made
