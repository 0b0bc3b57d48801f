"""Invented posts in five languages, so plain that the plainest judge must read them right."""

COMPLAINTS = {
    "sv": (
        "Nu har jag väntat på mitt paket i tre veckor och ingen svarar. Så dåligt.",
        "Soffan kom trasig och ni vägrar byta den. Jag är riktigt besviken.",
        "Appen fungerar inte och kundtjänst lägger på. Uselt!",
    ),
    "nb": (
        "Nå har jeg ventet på pakken i tre uker og ingen svarer. Så dårlig.",
        "Sofaen kom ødelagt og dere nekter å bytte den. Jeg er skikkelig skuffet.",
        "Appen virker ikke og kundeservice legger på. Elendig!",
    ),
    "da": (
        "Nu har jeg ventet på min pakke i tre uger, og ingen svarer. Det er bare for dårligt.",
        "Sofaen var i stykker, da den kom, og I nægter at bytte den. Jeg er virkelig skuffet.",
        "Appen virker ikke, og kundeservice smækker røret på. Elendigt!",
    ),
    "fi": (
        "Olen odottanut pakettia kolme viikkoa eikä kukaan vastaa. Todella huonoa palvelua.",
        "Sohva tuli rikkinäisenä ettekä suostu vaihtamaan sitä. Olen todella pettynyt.",
        "Sovellus ei toimi eikä asiakaspalvelu vastaa. Surkeaa!",
    ),
    "en": (
        "I've been waiting three weeks for my parcel and nobody replies. So bad.",
        "The sofa arrived broken and you refuse to replace it. I'm really disappointed.",
        "The app doesn't work and customer service hangs up. Terrible!",
    ),
}

QUESTIONS = {
    "sv": (
        "Hej! Har ni öppet på söndag?",
        "Hur byter jag storlek på en beställning?",
        "När kommer den blå jackan tillbaka i butik?",
    ),
    "nb": (
        "Hei! Har dere åpent på søndag?",
        "Hvordan bytter jeg størrelse på en bestilling?",
        "Når kommer den blå jakken tilbake i butikken?",
    ),
    "da": (
        "Hej! Har I åbent på søndag?",
        "Hvordan bytter jeg størrelse på en bestilling?",
        "Hvornår kommer den blå jakke tilbage i butikken?",
    ),
    "fi": (
        "Hei! Oletteko auki sunnuntaina?",
        "Miten vaihdan tilauksen kokoa?",
        "Milloin sininen takki tulee takaisin myymälään?",
    ),
    "en": (
        "Hi! Are you open on Sunday?",
        "How do I change the size of an order?",
        "When will the blue jacket be back in the shop?",
    ),
}

PRAISE = {
    "sv": (
        "Tack för fantastisk service i dag, så glad!",
        "Bästa butiken i stan, trevlig personal och snabb leverans.",
        "Jag älskar min nya cykel, den är underbar!",
    ),
    "nb": (
        "Tusen takk for fantastisk service i dag, så glad!",
        "Beste butikken i byen, hyggelig personale og rask levering.",
        "Jeg elsker den nye sykkelen min, den er nydelig!",
    ),
    "da": (
        "Tusind tak for fantastisk service i dag, jeg er så glad!",
        "Den bedste butik i byen, søde medarbejdere og hurtig levering.",
        "Jeg elsker min nye cykel, den er skøn!",
    ),
    "fi": (
        "Kiitos loistavasta palvelusta tänään, olen niin iloinen!",
        "Kaupungin paras kauppa, ystävällinen henkilökunta ja nopea toimitus.",
        "Rakastan uutta pyörääni, se on ihana!",
    ),
    "en": (
        "Thank you for the fantastic service today, so happy!",
        "Best shop in town, friendly staff and fast delivery.",
        "I love my new bike, it is wonderful!",
    ),
}

URGENT = {
    "sv": {
        "safety": "Laddaren smälte och började brinna i sovrummet.",
        "health": "Min son fick en allergisk reaktion av er glass och hamnade på sjukhus.",
        "legal": "Nu kopplar jag in en advokat och anmäler er till ARN.",
        "fraud": "Någon har kapat mitt konto och handlat i mitt namn, det är bedrägeri!",
        "data_leak": "När jag loggar in ser jag någon annans personuppgifter.",
        "vulnerable": "Mamma är 91 år och har suttit utan värme hela natten.",
        "stranded": "Vi är strandade på flygplatsen i Bergen och har ingenstans att sova.",
    },
    "nb": {
        "safety": "Laderen smeltet og begynte å brenne på soverommet.",
        "health": "Sønnen min fikk en allergisk reaksjon av isen deres og havnet på sykehus.",
        "legal": "Nå kobler jeg inn en advokat og klager til Forbrukerrådet.",
        "fraud": "Noen har hacket kontoen min og handlet i mitt navn, det er svindel!",
        "data_leak": "Når jeg logger inn ser jeg noen andres personopplysninger.",
        "vulnerable": "Mamma er 91 år og har sittet uten varme hele natten.",
        "stranded": "Vi er strandet på flyplassen i Bergen og har ingen steder å sove.",
    },
    "da": {
        "safety": "Opladeren smeltede og begyndte at brænde i soveværelset.",
        "health": "Min søn fik en allergisk reaktion af jeres is og endte på hospitalet.",
        "legal": "Nu kontakter jeg en advokat og klager til Forbrugerklagenævnet.",
        "fraud": "Nogen har hacket min konto og handlet i mit navn, det er svindel!",
        "data_leak": "Når jeg logger ind, kan jeg se en andens personoplysninger.",
        "vulnerable": "Min mor er 91 år og har siddet uden varme hele natten.",
        "stranded": "Vi er strandet i lufthavnen i Bergen og har ingen steder at sove.",
    },
    "fi": {
        "safety": "Laturi suli ja syttyi palamaan makuuhuoneessa.",
        "health": "Poikani sai allergisen reaktion jäätelöstänne ja joutui sairaalaan.",
        "legal": "Nyt otan yhteyttä asianajajaan ja valitan kuluttajariitalautakuntaan.",
        "fraud": "Joku on kaapannut tilini ja ostanut nimissäni, tämä on huijaus!",
        "data_leak": "Kun kirjaudun sisään, näen jonkun toisen henkilötiedot.",
        "vulnerable": "Äitini on 91-vuotias ja istunut koko yön ilman lämmitystä.",
        "stranded": "Olemme jumissa lentokentällä Bergenissä eikä meillä ole yöpaikkaa.",
    },
    "en": {
        "safety": "The charger melted and caught fire in the bedroom.",
        "health": "My son had an allergic reaction to your ice cream and ended up in hospital.",
        "legal": "I am getting a solicitor and will see you in court.",
        "fraud": "Somebody hacked my account and ordered in my name, this is fraud!",
        "data_leak": "When I log in I can see somebody else's personal data.",
        "vulnerable": "My mother is 91 and has been without heating all night.",
        "stranded": "We are stranded at Bergen airport with nowhere to sleep.",
    },
}

PRESSING = {
    "sv": {
        "broken_promise": "Ni lovade att ringa i går men ingen ringde.",
        "repeat": "Det här är tredje gången jag skriver till er.",
        "churn": "Nu säger jag upp mitt abonnemang och byter till en konkurrent.",
    },
    "nb": {
        "broken_promise": "Dere lovet å ringe i går, men ingen ringte.",
        "repeat": "Dette er tredje gang jeg skriver til dere.",
        "churn": "Nå sier jeg opp abonnementet og bytter til en konkurrent.",
    },
    "da": {
        "broken_promise": "I lovede at ringe i går, men ingen ringede.",
        "repeat": "Det er tredje gang, jeg skriver til jer.",
        "churn": "Nu opsiger jeg mit abonnement og skifter til en konkurrent.",
    },
    "fi": {
        "broken_promise": "Lupasitte soittaa eilen mutta kukaan ei soittanut.",
        "repeat": "Tämä on jo kolmas kerta kun kirjoitan teille.",
        "churn": "Irtisanon liittymäni ja vaihdan kilpailijalle.",
    },
    "en": {
        "broken_promise": "You promised to call yesterday but nobody called.",
        "repeat": "This is the third time I am writing to you.",
        "churn": "I am cancelling my subscription and switching to a competitor.",
    },
}
