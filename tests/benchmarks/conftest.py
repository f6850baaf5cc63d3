import datetime
import sys
from pathlib import Path

import pytest

from qtsearch.articles.model import Article, RelatedArticle

# The benchmarks are scripts, not a package: they import each other by their plain names.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

ANSWERS = (
    "Gout hurts. Take 20 mg of colchicine, not 200. Rest helps most people: drink water.\n\nSee a doctor.",
    'Anemia tires. A "low" count - below 13 - needs iron. #1 cause: bleeding.',
    "Asthma wheezes & coughs. Inhalers open the airways within 5 minutes. Smoke makes it worse.",
)


def make_article(number: int) -> Article:
    name = ("Gout", "Anemia", "Asthma")[number % 3]
    answer = ANSWERS[number % 3]
    other = number ^ 1
    slug = f"what-is-{name.lower()}-{number}"
    return Article(
        path=f"medicine/{slug}.md",
        id=number,
        title=f"What is (are) {name}?",
        question=f"What is (are) {name}?",
        answer=answer,
        answer_text=answer,
        date=datetime.date(2020, 1, 1 + number % 28),
        subject="Medicine",
        author="Smith, J.: editor",
        url=f"/learn/{slug}",
        file_name=f"{slug}.md",
        score=-1.0,
        page_keywords=(name, "information", "Disorders"),
        page_description=answer.partition(".")[0],
        related=(RelatedArticle(other, f"Another: {other}", "Medicine", f"/learn/{other}"),),
    )


@pytest.fixture
def articles() -> list[Article]:
    return [make_article(number) for number in range(12)]
