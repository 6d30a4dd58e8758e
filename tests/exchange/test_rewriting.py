"""Addresses of the old site in every form that WordPress writes them."""

import pytest

from cms.exchange.rewriting import Rewriter

REWRITE = Rewriter("https://blog.exemplo.example", "https://nova.example")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://blog.exemplo.example/dor/", "https://nova.example/dor/"),
        ("http://blog.exemplo.example", "https://nova.example"),
        ('"//BLOG.exemplo.example/a"', '"https://nova.example/a"'),
        (
            r'{"url":"https:\/\/blog.exemplo.example\/dor\/"}',
            r'{"url":"https:\/\/nova.example\/dor\/"}',
        ),
        (
            'srcset="https://blog.exemplo.example/a.jpg 1x, https://blog.exemplo.example/b.jpg 2x"',
            'srcset="https://nova.example/a.jpg 1x, https://nova.example/b.jpg 2x"',
        ),
        ("Veja https://blog.exemplo.example.", "Veja https://nova.example."),
        ("?u=https://blog.exemplo.example/x", "?u=https://nova.example/x"),
    ],
)
def test_they_lead_to_the_new_site(old, new):
    assert REWRITE(old) == new


@pytest.mark.parametrize(
    "text",
    [
        "https://blog.exemplo.example.outro/",
        "https://meu.blog.exemplo.example/",
        "https://blog.exemplo.example:8080/",
        "ana@blog.exemplo.example",
        "ftp://blog.exemplo.example/",
        "https://blog.exemplo.example/wp-content/uploads/2019/a.jpg",
        r"https:\/\/blog.exemplo.example\/wp-content\/uploads\/a.jpg",
    ],
)
def test_others_and_files_stay(text):
    assert REWRITE(text) == text


def test_a_site_in_a_folder():
    rewrite = Rewriter("https://a.example/blog", "https://nova.example")
    assert rewrite("https://a.example/blog/dor") == "https://nova.example/dor"
    assert rewrite("https://a.example/blogs https://a.example/") == (
        "https://a.example/blogs https://a.example/"
    )
