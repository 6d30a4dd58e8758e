"""Clients from npm that were written for WordPress, unmodified, against a running installation."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.installation import installation

HERE = Path(__file__).parent
SCRIPTS = sorted(path.name for path in HERE.glob("*.cjs"))

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy in which the clients are installed, so that nothing is installed in the project."""
    copy = tmp_path_factory.mktemp("clients")
    for name in ("package.json", "package-lock.json", ".npmrc", *SCRIPTS):
        shutil.copy(HERE / name, copy / name)
    ran = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=copy, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return copy


@pytest.fixture(scope="module")
def made():
    with installation() as running:
        running.start()
        yield running


def run(words, folder, **environ):
    ran = subprocess.run(
        words, cwd=folder, env=os.environ | environ, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_client_notices_nothing(script, folder, made):
    site = {"url": made.url, "people": made.credentials}
    run(["node", script], folder, CMS_SITE=json.dumps(site))


def test_the_types_are_valid_typescript(folder, made):
    (folder / "types.ts").write_text(made.done("types", "ts"))
    use = """
import type { MedicalArticle, Post, PostEdit, Resources, RestError, StatusName } from "./types";
export const title = (post: Post): string => post.title.rendered;
export const raw = (post: PostEdit): string => post.content.raw;
export const level = (article: MedicalArticle) => article.evidence_level;
export const first = (all: Resources["medical-articles"][]): StatusName => all[0].status;
export const status = (error: RestError): number | undefined => error.data?.status;
// @ts-expect-error a reader gets no raw text
export const secret = (post: Post) => post.title.raw;
"""
    (folder / "use.ts").write_text(use)
    words = ["node_modules/.bin/tsc", "--strict", "--noEmit", "--target", "es2022"]
    run([*words, "types.ts", "use.ts"], folder)
