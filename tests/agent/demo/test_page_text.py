"""HTML as text: what a page says, without what is only for using it."""

from __future__ import annotations

from fyraften_agent.demo.page_text import Block, blocks_of, text_of

PAGE = """<!doctype html>
<html lang="en"><head><title>Title – Fyraften</title><style>p { color: red }</style></head>
<body>
<a class="skip" href="#content">To the content</a>
<header><p class="name">Fyraften <span>Nordhavn</span></p>
<nav><a href="/">Group</a></nav><form method="post"><span>anna</span> <button>Sign out</button></form></header>
<main id="content">
<h1>Group figures <span class="week">Week 2026-W43</span></h1>
<p>From 2026-10-19
to 2026-10-25 &amp; later.</p>
<section><h2>Sales</h2>
<table><caption>Days at home <span class="scope">Sales</span></caption>
<thead><tr><th scope="col">Answer</th><th scope="col">Share</th></tr></thead>
<tbody><tr><th scope="row">0</th><td>25 %</td></tr><tr><th scope="row">1 or more</th><td></td></tr></tbody></table>
</section>
<ul><li>One.</li><li>Two &lt; three.</li></ul>
<table><tr><td>Bo</td><td>
<ul><li>Asks for a chair.</li><li>Asks for a screen.</li></ul>
</td></tr></table>
Loose words
</main>
<footer><nav><a href="?lang=da">Dansk</a></nav></footer>
</body></html>"""


def test_a_page_becomes_headings_paragraphs_lists_and_tables() -> None:
    assert blocks_of(PAGE) == [
        Block("paragraph", "Fyraften Nordhavn"),
        Block("heading", "Group figures (Week 2026-W43)", 1),
        Block("paragraph", "From 2026-10-19 to 2026-10-25 & later."),
        Block("heading", "Sales", 2),
        Block("table", "Days at home (Sales)", rows=[["Answer", "Share"], ["0", "25 %"], ["1 or more", ""]]),
        Block("item", "One."),
        Block("item", "Two < three."),
        Block("table", rows=[["Bo", "Asks for a chair. Asks for a screen."]]),
        Block("paragraph", "Loose words"),
    ]


def test_as_text_headings_are_underlined_and_columns_aligned() -> None:
    lines = text_of(blocks_of(PAGE))

    assert "\n".join(lines) == (
        "Fyraften Nordhavn\n"
        "\n"
        "Group figures (Week 2026-W43)\n"
        "=============================\n"
        "\n"
        "From 2026-10-19 to 2026-10-25 & later.\n"
        "\n"
        "Sales\n"
        "-----\n"
        "\n"
        "Days at home (Sales)\n"
        "  Answer     Share\n"
        "  0          25 %\n"
        "  1 or more\n"
        "\n"
        "- One.\n"
        "- Two < three.\n"
        "\n"
        "  Bo  Asks for a chair. Asks for a screen.\n"
        "\n"
        "Loose words"
    )


def test_a_wide_table_is_folded_in_its_last_column() -> None:
    words = "Asks for a chair, a screen, a desk and light. " * 6
    page = f"<table><tr><td>Bo Holm</td><td>2026-11</td><td>{words}</td></tr></table>"

    lines = text_of(blocks_of(page))

    assert len(lines) > 2
    assert all(len(line) <= 100 for line in lines)
    assert lines[0].startswith("  Bo Holm  2026-11  Asks")
    assert " ".join(line[20:] for line in lines).split() == words.split()


def test_a_page_without_anything_has_no_lines() -> None:
    assert text_of(blocks_of("")) == []
    assert blocks_of("<nav><nav>menu</nav>still menu</nav>") == []


def test_blocks_go_into_a_json_document() -> None:
    heading, table = Block("heading", "Sales", 2), Block("table", "Days", rows=[["0", "1"]])

    assert heading.as_json() == {"kind": "heading", "text": "Sales", "level": 2}
    assert table.as_json() == {"kind": "table", "text": "Days", "rows": [["0", "1"]]}
