"""The invariants as SQL: each must find nothing, at any moment, on SQLite and Postgres.

Some repeat a law of the tables on purpose: an audit that trusts the schema proves nothing about
a database somebody else has written to.
"""

from dataclasses import dataclass

_LIVE = "('queued', 'sending', 'unknown')"


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise of the product and the query whose rows break it (first column: the row's id)."""

    name: str
    says: str
    query: str


INVARIANTS = (
    Invariant(
        "one mention a post",
        "A post of a network is one mention, however often it is read.",
        "select min(id) from mention group by channel, external_id having count(*) > 1",
    ),
    Invariant(
        "nobody is forgotten",
        "A mention is settled exactly when it has left the queue and is not being answered.",
        "select id from mention where (state in ('open', 'replying')) <> (settled_at is null)",
    ),
    Invariant(
        "a place in the queue",
        "The sort key agrees with the lane, and who addressed us is never put aside.",
        "select id from mention where rank <> case when is_pinned then -1 when lane = 0 then 0"
        " when lane = 4 then 2 else 1 end or lane not between 0 and 4 or (addressed and lane = 4)",
    ),
    Invariant(
        "what is closed is off the desk",
        "Nothing that is closed is claimed, pinned, put off or handed over.",
        "select id from mention where state not in ('open', 'replying')"
        " and (assigned_to is not null or claimed_until <> 0 or snoozed_until <> 0 or is_pinned"
        " or handed_to is not null)",
    ),
    Invariant(
        "replying has its reply",
        "A mention is being answered exactly while its reply is live.",
        "select m.id from mention m left join reply r on r.id = m.reply_id"
        f" and r.state in {_LIVE} where (m.state = 'replying') <> (r.id is not null)",
    ),
    Invariant(
        "a live reply has its mention",
        "A live reply is that of the mention it was written to.",
        "select r.id from reply r join mention m on m.id = r.mention_id"
        f" where r.state in {_LIVE} and (m.state <> 'replying' or m.reply_id <> r.id)",
    ),
    Invariant(
        "one live reply",
        "A mention has at most one live reply.",
        f"select mention_id from reply where state in {_LIVE}"
        " group by mention_id having count(*) > 1",
    ),
    Invariant(
        "answered is proven",
        "An answered mention points at a sent reply, a post of ours, or a link a person confirmed.",
        "select m.id from mention m left join reply r on r.id = m.reply_id and r.state = 'sent'"
        " left join own_post o on o.id = m.own_post_id where m.state = 'answered'"
        " and r.id is null and o.id is null and m.answered_link is null",
    ),
    Invariant(
        "one proof",
        "An answered mention counts once: as reply, native or by hand.",
        "select id from mention where state = 'answered' and"
        " (case when reply_id is null then 0 else 1 end"
        " + case when own_post_id is null then 0 else 1 end"
        " + case when answered_link is null then 0 else 1 end) <> 1",
    ),
    Invariant(
        "an answer answers its person",
        "A reply settles mentions of one person in one conversation only.",
        "select m.id from mention m join reply r on r.id = m.reply_id"
        " join mention f on f.id = r.mention_id join identity i on i.id = m.identity_id"
        " join identity j on j.id = f.identity_id where m.state in ('replying', 'answered')"
        " and (m.conversation_id <> f.conversation_id or i.person_id <> j.person_id)",
    ),
    Invariant(
        "a native answer answers its person",
        "A native post settles earlier mentions of the person it replies to.",
        "select m.id from mention m join own_post o on o.id = m.own_post_id"
        " join identity i on i.id = m.identity_id left join identity j on j.id = o.identity_id"
        " where m.state = 'answered' and (o.conversation_id <> m.conversation_id"
        " or coalesce(j.person_id, 0) <> i.person_id or o.posted_at < m.posted_at)",
    ),
    Invariant(
        "no answer is overlooked",
        "Who was answered natively does not wait, unless somebody put the mention back.",
        "select m.id from mention m join identity i on i.id = m.identity_id"
        " join own_post o on o.conversation_id = m.conversation_id and o.reply_id is null"
        " join identity j on j.id = o.identity_id and j.person_id = i.person_id"
        " where m.state = 'open' and o.received_at > m.reopened_at"
        " and coalesce(m.in_reply_to, '') <> o.external_id and (o.posted_at > m.posted_at"
        " or (o.posted_at = m.posted_at and o.in_reply_to = m.external_id))",
    ),
    Invariant(
        "an answer stands beside its question",
        "A post of ours and the mention it replies to are in one conversation.",
        "select o.id from own_post o join mention m on m.channel = o.channel"
        " and m.external_id = o.in_reply_to where m.conversation_id <> o.conversation_id",
    ),
    Invariant(
        "dismissed with a reason",
        "Closing without reply has a reason and a name.",
        "select id from mention where state = 'dismissed'"
        " and (coalesce(trim(dismissed_reason), '') = ''"
        " or coalesce(trim(dismissed_by), '') = '')",
    ),
    Invariant(
        "sent is proven",
        "A sent reply has the network's id and a time.",
        "select id from reply where state = 'sent' and (external_id is null or sent_at is null)",
    ),
    Invariant(
        "one reply a post",
        "A post on the network is credited to one reply.",
        "select min(id) from reply where external_id is not null"
        " group by channel, external_id having count(*) > 1",
    ),
    Invariant(
        "nobody is answered twice",
        "A mention has one sent reply, and one more for each time somebody put it back.",
        "select r.mention_id from reply r where r.state = 'sent' group by r.mention_id"
        " having count(*) > 1 + (select count(*) from event e where e.entity = 'mention'"
        " and e.entity_id = r.mention_id and e.from_state = 'answered' and e.to_state = 'open')",
    ),
    Invariant(
        "a receipt is its reply's",
        "The echo of a reply carries the reply's id on the network, and nothing else does.",
        "select o.id from own_post o join reply r on r.id = o.reply_id"
        " where r.external_id is null or r.external_id <> o.external_id"
        " union all select o.id from own_post o join reply r on r.channel = o.channel"
        " and r.external_id = o.external_id where o.reply_id is null or o.reply_id <> r.id",
    ),
    Invariant(
        "counted is stored",
        "What a source counted as new or own is what is stored from it.",
        "select s.id from source s where (select coalesce(sum(new), 0) from ingest i"
        " where i.source_id = s.id) <> (select count(*) from mention m where m.source_id = s.id)"
        " or (select coalesce(sum(own), 0) from ingest i where i.source_id = s.id)"
        " <> (select count(*) from own_post o where o.source_id = s.id)",
    ),
    Invariant(
        "every post is accounted for",
        "Fetched is new, own, duplicate and rejected.",
        "select id from ingest where fetched <> new + own + duplicate + rejected",
    ),
    Invariant(
        "the log agrees",
        "The last move in the log is the state in the table.",
        "select m.id from mention m where m.state <> coalesce((select e.to_state from event e"
        " where e.entity = 'mention' and e.entity_id = m.id and e.to_state is not null"
        " order by e.id desc limit 1), '')"
        " union all select r.id from reply r where r.state <> 'draft' and r.state <>"
        " coalesce((select e.to_state from event e where e.entity = 'reply'"
        " and e.entity_id = r.id and e.to_state is not null order by e.id desc limit 1), '')",
    ),
    Invariant(
        "the log is a chain",
        "Every move starts where the one before ended, and the first is a birth.",
        "select entity_id from (select entity_id, from_state, lag(to_state) over"
        " (partition by entity, entity_id order by id) as before, row_number() over"
        " (partition by entity, entity_id order by id) as place from event"
        " where entity in ('mention', 'reply') and to_state is not null) moves"
        " where (place = 1) <> (from_state is null)"
        " or (place > 1 and from_state <> coalesce(before, ''))",
    ),
    Invariant(
        "the erased stay erased",
        "Of an erased person neither handle, name nor words are left, nor notes about them.",
        "select i.id from identity i join person p on p.id = i.person_id"
        " where p.erased_at is not null and (i.handle is not null or i.name is not null)"
        " union all select m.id from mention m join identity i on i.id = m.identity_id"
        " join person p on p.id = i.person_id where p.erased_at is not null"
        " and m.text is not null"
        " union all select n.id from note n join mention m on m.id = n.mention_id"
        " join identity i on i.id = m.identity_id join person p on p.id = i.person_id"
        " where p.erased_at is not null",
    ),
    Invariant(
        "the deleted stay deleted",
        "Of a post its author deleted no words are left.",
        "select id from mention where gone_at is not null and text is not null",
    ),
    Invariant(
        "a mail that left was taken",
        "A digest that was sent has the mail server's yes and a time.",
        "select day from digest where state = 'sent'"
        " and (sent_at is null or coalesce(answer, '') not like '%: 2__%')",
    ),
    Invariant(
        "a missed day is told",
        "A day whose digest was merged is told in the mail whose Message-ID it has.",
        "select m.day from digest m where m.state = 'merged' and not exists (select 1 from digest d"
        " where d.recipient = m.recipient and d.message_id = m.message_id and d.state <> 'merged'"
        " and cast(d.days as text) like '%' || m.day || '%')",
    ),
)
