"""Words of five languages that say nothing of what a text is about."""

_SWEDISH = """
    alla allt alltid andra att bara bli blir blev blivit borde bort bra bättre dag dagar dem den
    denna deras dess det detta dig din dina ditt dom där därför efter eller emot en enda ens er
    era ert ett fanns fast fel fick finns fler flera fram från får fått för före första gick ger
    går gör göra gång gånger ha hade han har hej helt henne hennes hos hon honom hur här i igen
    in inga ingen inget innan inte ja jag ju just jätte kan kanske kom komma kommer kunde kunna
    lika lite man med mellan men mer mig min mina mitt mot mycket måste ned nej ner ni nog nu
    något någon några när nästa och också oss på redan samma se sedan sen senaste sig sin sina
    sitt själv ska skulle så sådan tack tar tills till tiden tro under upp ur ut utan vad var
    vara varför varit vem verkligen vet vi vid vill vilken vilket väl år än ändå ännu är även åt
    över idag igår imorgon väldigt väntat kväll
"""
_NORWEGIAN = """
    alle alltid andre at av bare ble bli blir blitt bra burde da dag dager de deg dei dem den
    denne dere deres det dette din ditt du eg eller en enn er et etter ett fikk fleire flere for
    fordi fra fram første får fått før gang ganger gikk gjør gjøre går ha hadde han har hei helt
    henne her hos hun hva hvem hver hvis hvor hvordan hvorfor ikke ikkje igjen ingen inn ja jeg
    kan kanskje kom komme kommer korleis kunne like litt man med meg mellom men mer min mine
    mitt mot mye må nei noe noen nok nå når nesten neste og også om opp oss over på samme seg
    selv siden sin skal skulle slik som så takk til tiden under ut uten var veldig vel ved vet
    vi vil være vært vår gjennom ennå bort blei kva kvar kven meir mykje
"""
_DANISH = """
    af alle alligevel altid anden at bare blev blevet blive bliver burde da dag dage de dem den
    denne der deres derfor det dette dig din dine dit dog du efter eller end endnu en er et fik
    fordi fra frem første få får fået før gang gange gik gøre gør går ha havde han har hej hele
    helt hende her hos hun hvad hvem hver hvis hvor hvordan hvorfor igen ikke ind ingen intet
    jeg jer jeres jo kan kom komme kommer kunne lige lidt man med meget mellem men mere mig min
    mine mit mod må nej noget nogen nok nu når næste og også om op os over på samme selv siden
    sig sin skal skulle som stadig så sådan tak tiden til uden under ud var ved vel vi vide vil
    ville være været lavet mange
"""
_FINNISH = """
    aika aina ainakin ei eikä eivät ehkä eli emme en enää eniten ennen ensin että ette hei
    heidän hyvin hyvä hän ihan ilman itse ja jo joka jokin joko jonka jos joskus jota jotain
    juuri kaikki kanssa kautta kertaa kiitos koko koska kuin kuinka kuka kun kuten kyllä liian
    lisää me meidän meillä mihin mikä miksi milloin minun minulla minä missä miten mitä mitään
    moi muiden mukaan mun mutta muu myös mä ne nyt niin niitä noin nämä näin olen ole oli olin
    olisi olivat olla ollut on onko oma ovat paljon pitäisi pitää piti saa saada sain sama se
    sen siellä siis siitä silti sitten sitä taas tai tämä tämän tätä te teidän teillä teiltä
    tosi tuo tänään vaan vai vaikka vain vasta vielä vieläkään voi voiko yli ylös yksi jälkeen
    sekä siksi viikko päivä päivää
"""
_ENGLISH = """
    about after again all also always am and another any are aren't around because been before
    being best but came can cannot come could day days did didn does doesn doing don down each
    ever every first for from get gets getting give going gone got had has hasn have haven
    having hello her here him his how into isn its just know last let like made make many may
    maybe more most much must need never next not nothing now off one only other our out over
    own people please put quite really said same say see she should since some someone something
    soon still such sure take than thank thanks that the their them then there these they thing
    things think this those though time today too two under until very wait want was wasn way
    week well went were what when where which while who why will with without won would year
    years yes yet you your
"""
STOP_WORDS = frozenset(
    word for words in (_SWEDISH, _NORWEGIAN, _DANISH, _FINNISH, _ENGLISH) for word in words.split()
)
