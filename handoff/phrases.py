"""The phrases that answer nothing, and the form in which texts are compared with them.

A phrase counts only if it is the whole answer, or the whole of each of its clauses: “Follow up.” is one, “Follow up on
the March invoice with Ana” is not. To refuse another phrase, add it to the list whose sentence fits it.
"""

import re
import unicodedata
from collections.abc import Collection

_ACCENTS = dict.fromkeys(range(0x300, 0x370))
_BLANKS = dict.fromkeys((0x115F, 0x1160))  # Hangul fillers: letters by name, blank to the eye
_CLAUSE_ENDS = re.compile(r"[,;:|()\n。、،؛؟]|(?<![.!?])[.!?]++(?:\s|$)|\s[-–—/+&]\s")  # NFKC turns … into ...
_SOFTENERS = {"please", "pls", "just", "still", "currently", "because", "the", "my", "our", "bitte", "ainda", "nog"}

_NOTHING = (  # said of what is not there
    "“{text}” can mean “there is none” or “nobody asked”. Say in a few words what is so, or why it does not apply.",
    """
    n/a, na, n.a., not applicable, does not apply, doesn't apply, none, none yet, no, nope, nothing, nothing yet
    nothing to add, nothing special, nothing to report, nil, null, no comment, no comments
    keine, keiner, keines, kein, nein, nichts, nicht zutreffend, entfällt, entf, k.a., keine angabe, keine angaben
    nada, nenhum, nenhuma, não, não se aplica, sem comentários, ninguno, ninguna, no aplica, sin comentarios, nada aún
    RAS, rien, rien à signaler, aucun, aucune, non, sans objet, non applicable, néant, pas applicable
    n.v.t., nvt, geen, niets, nee, niet van toepassing, nessuno, nessuna, niente, non applicabile, brak, nie dotyczy
    нет, не применимо, ingen, inget, ikke relevant, ei ole, yok, hayır
    なし, 無し, 無, 特になし, 特にありません, ありません, 該当なし, いいえ
    无, 没有, 暂无, 不适用, 否, 沒有, 不適用
    없음, 해당 없음, 아니요, لا, لا يوجد, لا شيء, غير متوفر, لا ينطبق, नहीं, कुछ नहीं, ไม่มี
    """,
)
_LATER = (  # put off
    "“{text}” leaves it open. Write what is known today, and who settles the rest by when.",
    """
    tbd, tba, tbc, tbd later, to be defined, to be determined, to be decided, to be confirmed, to be announced
    to be discussed, to be clarified, to do, todo, wip, pending, later, soon, asap, as soon as possible
    follow up, follow ups, will follow up, we will follow up, I will follow up, to follow up, need to follow up
    follow up later, follow up soon, follow up asap, follow up needed, follow up with client, follow up with customer
    follow up with them, check back, check later, will check, will update, will update later, to be updated
    next steps, unknown, not known, not known yet, don't know, do not know, I don't know, dunno, idk, no idea, not sure
    not yet, not yet known, unclear, wait, waiting, we will see, we'll see, depends, it depends, maybe, n.n.
    noch offen, offen, unbekannt, wird noch geklärt, wird geklärt, in Klärung, wird nachgereicht, folgt, folgt noch
    später, weiß nicht, weiss nicht, keine Ahnung, mal sehen, noch zu klären, zu klären, nachfassen
    a definir, por definir, a confirmar, por confirmar, a combinar, pendente, mais tarde, depois, não sei, desconhecido
    pendiente, más tarde, luego, no sé, por determinar, desconocido, hacer seguimiento, dar seguimiento
    à définir, à voir, à confirmer, à déterminer, à préciser, en attente, plus tard, je ne sais pas, inconnu
    nader te bepalen, n.t.b., ntb, volgt, volgt nog, onbekend, later te bepalen, weet ik niet
    da definire, da confermare, in attesa, non so, do ustalenia, nie wiem, позже, уточняется, не знаю, bilmiyorum
    未定, 検討中, 確認中, 調整中, 後日, 後で, あとで, 不明, わかりません
    待定, 待确认, 待確認, 稍后, 不知道, 不清楚, 未知
    미정, 추후 결정, 나중에, 모름, يحدد لاحقا, سيحدد لاحقا, سيتم تحديده لاحقا, لاحقا, غير معروف, قيد الانتظار, لا أعرف
    """,
)
_ELSEWHERE = (  # sends the reader away
    "“{text}” sends the next person searching. Copy the words that matter into this field.",
    """
    see notes, see note, see note above, see above, see below, see email, see e-mail, see crm, see hubspot
    see salesforce, see contract, see proposal, see attached, see attachment, see deal, see description, see call notes
    check notes, check crm, as above, same, same as above, same here, same as before, ditto, idem, as discussed
    as agreed, as usual, as per contract, as per call, discussed, already discussed, already told you
    you know, ask me
    siehe oben, siehe unten, siehe Notizen, siehe Notiz, siehe CRM, siehe Anhang, siehe Vertrag, wie oben
    wie besprochen, wie gehabt, wie immer, dito, gleich
    ver notas, ver acima, ver abaixo, ver CRM, ver anexo, ver contrato, igual, igual acima, mesmo, como combinado
    como discutido, ver arriba, ver nota, lo mismo, igual que arriba, como siempre, como hablamos, como acordado
    voir notes, voir ci-dessus, voir plus haut, voir CRM, voir contrat, voir mail, comme convenu, comme discuté, pareil
    comme d'habitude, cf. notes, cf. ci-dessus, zie boven, zie notities, zie hierboven, zie CRM, zie bijlage
    zoals besproken, idem dito, vedi sopra, vedi note, come sopra, come concordato, jw., j.w., jak wyżej, см. выше
    同上, 上記参照, 上記の通り, 備考参照, メモ参照, 左記参照
    见上, 见备注, 见附件, 如上, 如上所述, 见合同, 同前, 見上, 見備註
    위와 같음, 상동, 메모 참조, انظر أعلاه, انظر الملاحظات, كما نوقش, كما سبق, نفس الشيء
    """,
)
_FILLER = (  # typed to get past the field
    "“{text}” tells the next team nothing yet. Write what they need to know, as you would tell them in person.",
    """
    ok, okay, okey, kk, yes, yep, yeah, sure, fine, good, great, nice, all good, cool, thanks, thank you
    test, teste, prueba, essai, asd, qwe, xx, xyz, foo, foo bar, foobar, bla, blah, lorem ipsum
    lorem ipsum dolor sit amet, something, stuff, things, whatever, anything, answer, my answer, because
    hello, hi, important, very important, dummy, placeholder, sample text, example, your text here, some text
    ja, passt, alles gut, alles klar, irgendwas, egal, danke, sim, tudo bem, tudo certo, qualquer coisa
    sí, todo bien, cualquier cosa, oui, d'accord, tout va bien, peu importe, goed, prima, akkoord, va bene, tak, да
    はい, テスト, 了解, よろしく, 是, 有, 好, 好的, 可以, 测试, 測試, 随便
    네, 예, 테스트, 좋아요, نعم, حسنا, تمام, تجربة, اختبار
    """,
)


def words(text: str) -> list[str]:
    """The words of a text as they are compared: without case, accents, punctuation, emoji and what cannot be seen."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    whole = unicodedata.normalize("NFC", folded.translate(_ACCENTS)).translate(_BLANKS)
    return re.findall(r"[^\W_]+", whole if whole.isascii() else "".join(filter(_is_seen, whole)))


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Mn", "Mc", "Me", "Cf")  # vowel signs, zero width


def bare(text: str) -> str:
    """What is left to compare: the words joined, without softeners such as “please”; `n / a` is `N/A`."""
    return _joined(words(text))


def _joined(some: Collection[str]) -> str:
    return "".join(word for word in some if word not in _SOFTENERS) or "".join(some)


def _sentences() -> dict[str, str]:
    lists = (_NOTHING, _LATER, _ELSEWHERE, _FILLER)
    return {bare(phrase): says for says, phrases in lists for phrase in re.split(r"[,\n]", phrases) if bare(phrase)}


PHRASES = _sentences()  # bare phrase → what is said of it
CIRCULAR = frozenset(  # say that something does not apply, and not why
    bare(phrase)
    for phrase in """not relevant, not relevant here, irrelevant, not needed, not necessary, unnecessary, no need
    not required, it does not apply, it doesn't apply, does not apply here, not for this deal, no reason
    nicht relevant, nicht nötig, nicht notwendig, trifft nicht zu, não é necessário, não aplicável, no es necesario
    no hace falta, pas nécessaire, pas besoin, niet nodig, niet relevant, 必要なし, 不要, 不需要, 필요 없음, غير ضروري
    """.replace("\n", ",").split(",")
)


def empty_phrase(text: str) -> str | None:
    """What is said of a text that consists of phrases that answer nothing; None if it says more."""
    if says := _of_phrase(text):
        return says
    clauses = [clause for clause in _CLAUSE_ENDS.split(unicodedata.normalize("NFKC", text)) if words(clause)]
    found = [_of_phrase(clause) for clause in clauses]
    return found[0] if found and all(found) else None


def _of_phrase(text: str) -> str | None:
    said = words(text)
    once = dict.fromkeys(said)  # “test test test” is “test”
    return PHRASES.get(_joined(said)) or (PHRASES.get(_joined(once)) if len(once) < len(said) else None)
