"""Who writes in the past: invented customers, sixty a language, and who answers them."""

from itertools import count

from models.post import Author

STAFF = {"sv": "Elin", "nb": "Tarjei", "da": "Jonas", "fi": "Noora", "en": "Grace"}
_MANY = 60
_FIRST = {
    "sv": "Agnes Birger Cornelia Dante Elvira Folke Greta Hedvig Isak Jorunn Kajsa Ludvig",
    "nb": "Aslaug Brage Cathinka Dagfinn Eirin Frøydis Gaute Hedda Ivar Jorid Kjetil Live",
    "da": "Asger Bolette Carsten Ditte Ejnar Freja Gorm Helle Ivalo Jeppe Karla Laust",
    "fi": "Aino Elmeri Helmi Ilmari Kaisa Lauri Martta Niilo Oili Pekka Raili Sakari",
    "en": "Alys Barnaby Clodagh Dexter Edith Fergus Gwen Hamish Imogen Jago Keziah Lorcan",
}
_LAST = {
    "sv": "Almskog Bergklint Dalfors Ekvret Furuhed",
    "nb": "Askelund Brattvoll Dyrlien Ekrheim Fossdalen",
    "da": "Agerbæk Bøgelund Dalsgrav Engtoft Fyrkilde",
    "fi": "Ahokoski Harjuniemi Kallioranta Lehtosalo Mäntypelto",
    "en": "Ashcombe Birkworth Coldwell Drayburn Elmstead",
}


class Cast:
    """Customers in turn, so that nobody writes twice within days."""

    def __init__(self) -> None:
        self._turns = {lang: count() for lang in STAFF}

    def next(self, lang: str) -> Author:
        """Somebody who writes this language."""
        turn = next(self._turns[lang]) % _MANY
        first, last = _FIRST[lang].split(), _LAST[lang].split()
        name = f"{first[turn % len(first)]} {last[turn % len(last)]}"
        handle = name.lower().replace(" ", ".")
        return Author(handle, handle, name)
