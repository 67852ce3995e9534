"""Emoji by their short names: the common ones. An unknown name stays readable as `:name:`."""

import re
from types import MappingProxyType

_TABLE = """
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 tada 🎉 white_check_mark ✅ heavy_check_mark ✔️
ballot_box_with_check ☑️ x ❌ warning ⚠️ rotating_light 🚨 no_entry ⛔ no_entry_sign 🚫
octagonal_sign 🛑 exclamation ❗ question ❓ grey_question ❔ bangbang ‼️ wave 👋 pray 🙏
clap 👏 raised_hands 🙌 raised_hand ✋ point_right 👉 point_left 👈 point_up ☝️ point_down 👇
ok_hand 👌 muscle 💪 handshake 🤝 writing_hand ✍️ eyes 👀 brain 🧠 bust_in_silhouette 👤
busts_in_silhouette 👥 speech_balloon 💬 thought_balloon 💭 smile 😄 slightly_smiling_face 🙂
grinning 😀 blush 😊 wink 😉 thinking_face 🤔 neutral_face 😐 disappointed 😞 cry 😢 sob 😭
joy 😂 heart_eyes 😍 sunglasses 😎 sweat_smile 😅 relieved 😌 partying_face 🥳
face_with_monocle 🧐 shrug 🤷 facepalm 🤦 heart ❤️ green_heart 💚 blue_heart 💙
yellow_heart 💛 sparkles ✨ star ⭐ fire 🔥 rocket 🚀 zap ⚡ boom 💥 bulb 💡 100 💯 mag 🔍 lock 🔒
unlock 🔓 key 🔑 link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 bookmark 🔖 label 🏷️
package 📦 gift 🎁 memo 📝 pencil ✏️ pencil2 ✏️ clipboard 📋 page_facing_up 📄 scroll 📜
file_folder 📁 open_file_folder 📂 card_index 📇 ledger 📒 calendar 📆 date 📅
spiral_calendar_pad 🗓️ clock 🕐 clock3 🕒 alarm_clock ⏰ timer_clock ⏲️ stopwatch ⏱️
hourglass ⌛ hourglass_flowing_sand ⏳ bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 email 📧
envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 phone ☎️ telephone_receiver 📞
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 moneybag 💰 dollar 💵
euro 💶 money_with_wings 💸 credit_card 💳 briefcase 💼 office 🏢 house 🏠 house_with_garden 🏡
classical_building 🏛️ earth_africa 🌍 airplane ✈️ palm_tree 🌴 desert_island 🏝️
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_right_hook ↪️
leftwards_arrow_with_hook ↩️ arrows_counterclockwise 🔄 repeat 🔁 fast_forward ⏩
double_vertical_bar ⏸️ arrow_forward ▶️ black_square_for_stop ⏹️ recycle ♻️
heavy_plus_sign ➕ heavy_minus_sign ➖ red_circle 🔴 large_orange_circle 🟠
large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 white_circle ⚪
black_circle ⚫ large_red_square 🟥 large_green_square 🟩 large_blue_square 🟦
white_large_square ⬜ small_blue_diamond 🔹 small_orange_diamond 🔸 information_source ℹ️
tools 🛠️ hammer_and_wrench 🛠️ wrench 🔧 gear ⚙️ shield 🛡️ construction 🚧 robot_face 🤖
crown 👑 trophy 🏆 medal 🏅 dart 🎯 checkered_flag 🏁 triangular_flag_on_post 🚩
waving_white_flag 🏳️ zzz 💤 sleeping 😴 coffee ☕ seedling 🌱 snowflake ❄️ sunny ☀️
umbrella ☔ balloon 🎈 birthday 🎂 confetti_ball 🎊 sos 🆘 new 🆕 ok 🆗 up 🆙 one 1️⃣ two 2️⃣
three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣
"""
_WORDS = _TABLE.split()
EMOJI = MappingProxyType(dict(zip(_WORDS[::2], _WORDS[1::2], strict=True)))

NAME = re.compile(r":([a-z0-9_+'-]{1,60})(?:::skin-tone-[2-6])?:")


def with_emoji(value: str) -> str:
    """The text with known short names turned into their characters."""
    return NAME.sub(lambda match: EMOJI.get(match.group(1), match.group()), value)


def from_code(unicode: str, name: str) -> str:
    """The character for a rich text emoji: by code points such as `1f44b-1f3fd`, else by its short name."""
    try:
        return "".join(chr(int(point, 16)) for point in unicode.split("-")) if unicode else with_emoji(f":{name}:")
    except (ValueError, OverflowError):
        return with_emoji(f":{name}:")
