"""The judge that reads customers' posts; the only room that runs a model."""

from models.sentiment.judgement import Judge


def open_judge() -> Judge:
    """The judge that ships in the box: cue lists and a lexicon, until the trained model lands."""
    from models.sentiment.lexicon_judge import LexiconJudge

    return LexiconJudge()
