"""The words of an export that are in the account's language: which number counts what, and which text is the user name.

English, German and Portuguese words have been seen in exports; the others are those of the app in these languages. What is missing can be
given as the setting ``labels``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from kleos_instagram.kinds import COMMENT, LIKE, SAVE, SHARE, STORY_REPLY, VIEW
from kleos_instagram.values import repaired

__all__ = ["COUNTED", "LABELS", "USER_NAME", "YOUR_NAME", "plain"]

_QUOTES = re.compile('["“”„‟«»「」『』‹›！!]')
_APOSTROPHES = re.compile("[’‘´`]")
_BLANKS = re.compile(r"\s+")


def plain(label: str) -> str:
    """Return a label as labels are compared: repaired, in small letters, without quotation marks and the word Instagram before it."""
    text = unicodedata.normalize("NFKC", repaired(label)).casefold()
    text = _BLANKS.sub(" ", _QUOTES.sub("", _APOSTROPHES.sub("'", text))).strip()
    return text.removeprefix("instagram ")


COUNTED = (LIKE, COMMENT, SHARE, SAVE, STORY_REPLY, VIEW)
"""The kinds that an export counts."""

_WORDS: Mapping[str, str] = {
    LIKE: """likes | gefällt mir-angaben | gefällt mir | me gusta | j'aime | mentions j'aime | mi piace | curtidas | gostos
        | vind-ik-leuks | beğeniler | beğenmeler | polubienia | отметки нравится | いいね | 좋아요 | 赞 | 讚 | suka
        | gilla-markeringar | synes godt om | liker | tykkäykset | to se mi líbí""",
    COMMENT: """comments | kommentare | comentarios | commentaires | commenti | comentários | opmerkingen | reacties | yorumlar
        | komentarze | комментарии | コメント | 댓글 | 评论 | 留言 | komentar | kommentarer | kommentit | komentáře""",
    SHARE: """shares | geteilte inhalte | geteilt | compartidos | veces compartido | partages | condivisioni | compartilhamentos
        | partilhas | keer gedeeld | paylaşımlar | udostępnienia | シェア | シェア数 | 공유 | 分享 | 分享次数 | dibagikan
        | delningar | delinger | jaot | sdílení""",
    SAVE: """saves | gespeichert | gespeicherte inhalte | guardados | veces guardado | enregistrements | salvataggi
        | salvamentos | keer opgeslagen | kaydetmeler | kaydedilenler | zapisania | сохранения | 保存 | 保存数 | 저장 | 收藏
        | 收藏次数 | 儲存 | disimpan | sparade | tallennukset | uložení""",
    VIEW: """impressions | views | plays | impressionen | aufrufe | wiedergaben | impresiones | visualizaciones | reproducciones
        | vues | lectures | impression | visualizzazioni | riproduzioni | impressões | visualizações | reproduções | weergaven
        | vertoningen | gösterimler | görüntülenmeler | wyświetlenia | показы | просмотры | インプレッション | 再生数 | 노출
        | 조회 | 展示次数 | 曝光次數 | impresi | tayangan | exponeringar | visningar | eksponeringer | näyttökerrat | zobrazení""",
    STORY_REPLY: """replies | antworten | respuestas | réponses | risposte | respostas | antwoorden | yanıtlar | odpowiedzi
        | ответы | 返信 | 답장 | 回复 | 回覆 | balasan | svar | vastaukset | odpovědi""",
}


def _split(words: str) -> list[str]:
    return [plain(word) for word in words.split("|")]


LABELS: Mapping[str, str] = {word: kind for kind, words in _WORDS.items() for word in _split(words)}
"""A label as `plain` gives it → the kind of reaction that it counts."""

USER_NAME = frozenset(
    _split(
        """username | benutzername | nombre de usuario | nom d'utilisateur | nome utente | nome de usuário | nome de utilizador
        | gebruikersnaam | kullanıcı adı | nazwa użytkownika | имя пользователя | ユーザーネーム | 사용자 이름 | 用户名
        | 用戶名稱 | nama pengguna | användarnamn | brugernavn | brukernavn | käyttäjänimi | uživatelské jméno"""
    )
)
YOUR_NAME = frozenset(
    _split("name | nombre | nom | nome | naam | ad | imię i nazwisko | имя | 名前 | 이름 | 姓名 | nama | namn | navn | nimi | jméno")
)
