import peers
import pytest


@pytest.fixture(params=list(peers.PEERS))
def engine(request, articles, tmp_path):
    engine_class = peers.PEERS[request.param]
    if not engine_class.version():
        pytest.skip(f"{engine_class.name} is not installed")
    engine = engine_class()
    engine.index(list(peers.parsed(articles)), peers.emptied(tmp_path / "index"))
    engine.finish()
    engine.open(tmp_path / "index")
    yield engine
    engine.close()


def test_any_word_and_all_words(engine):
    gout, anemia = set(range(0, 12, 3)), set(range(1, 12, 3))
    assert {hit.id for hit in engine.search("colchicine bleeding", 20, "any")} == gout | anemia
    assert {hit.id for hit in engine.search("colchicine bleeding", 20, "all")} == set()
    assert {hit.id for hit in engine.search("doctors gout", 20, "all")} == gout
    assert {hit.id for hit in engine.search("gout", 20, "all")} == gout


def test_hits_carry_their_stored_fields(engine, articles):
    by_id = {article.id: article for article in articles}
    hits = engine.search("inhaler", 2, "any")
    assert len(hits) == 2
    for hit in hits:
        assert (hit.title, hit.answer) == (by_id[hit.id].title, by_id[hit.id].answer)
        assert by_id[hit.id].path in hit.rest


def test_snippets_mark_what_was_found(engine):
    if not engine.has_snippets:
        pytest.skip(f"{engine.name} makes no snippets")
    plain = [hit.id for hit in engine.search("anemia iron", 3, "all")]
    marked = engine.search_with_snippets("anemia iron", 3, "all")
    assert [hit.id for hit in marked] == plain
    for hit in marked:
        assert "iron" in str(hit.snippet)
        assert hit.title_marked


def test_a_missing_engine_is_named(monkeypatch):
    monkeypatch.setattr(peers.PEERS["tantivy"], "package", "no-such-package")
    present, notes = peers.chosen(["tantivy", "whoosh"])
    assert [engine.name for engine in present] == ["Whoosh"]
    assert notes == ["tantivy is not installed and was skipped"]
