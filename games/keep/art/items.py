"""The pictures of things one can carry, 12 by 12, and of the purse."""

from __future__ import annotations

from games.keep.art.sprite import Sprite, draw

ITEMS: dict[str, Sprite] = {
    "royal_seal": draw(
        "royal_seal",
        """
        ....KKKK....
        ..KKRRRRKK..
        .KRRpRRRRRK.
        .KRpYRYRRrK.
        KRRYYYYYRRrK
        KRRRYYYRRRrK
        KRRYYRYYRRrK
        KRRYRRRYRrrK
        .KRRRRRRRrK.
        .KrRRRRrrrK.
        ..KKrrrrKK..
        ....KKKK....
        """,
    ),
    "cell_key": draw(
        "cell_key",
        """
        ....KKKK....
        ...KtTTtK...
        ..KTtKKtTK..
        ..KTK..KTK..
        ..KTtKKtTK..
        ...KtTTtK...
        ....KTtK....
        ....KTtK....
        ....KTtKKK..
        ....KTtTTK..
        ....KTtKKK..
        ....KTtTK...
        """,
    ),
    "bread": draw(
        "bread",
        """
        ............
        ............
        ....KKKKK...
        ..KKyyyyyKK.
        .KyyBYyBYyyK
        KyYyByyByyBK
        KyyyBBYBByBK
        KByyyyyyyBBK
        KBBBBBBBBBbK
        .KbbbbbbbbK.
        ..KKKKKKKK..
        ............
        """,
    ),
    "herring": draw(
        "herring",
        """
        ............
        ............
        ..........KK
        ...KKKKK.KcK
        .KKccccUKcUK
        KcWcccUUcUK.
        KcKcUcUcUUK.
        KccccccUKcUK
        .KKWWWUK.KcK
        ...KKKK...KK
        ............
        ............
        """,
    ),
    "rope": draw(
        "rope",
        """
        ............
        ...KKKKKK...
        ..KyByByBK..
        .KyKKKKKKyK.
        .KBKByByKBK.
        .KyKyKKBKyK.
        .KBKBKKyKBK.
        .KyKyByBKyK.
        .KBKKKKKKBK.
        ..KByByByK..
        ...KKKKKKBK.
        .........KK.
        """,
    ),
    "lantern": draw(
        "lantern",
        """
        ....KKKK....
        ...K....K...
        ...KKKKKK...
        ...KyYYyK...
        ..KKKKKKKK..
        ..KoYYYYoK..
        ..KYYWWYYK..
        ..KYYWWYYK..
        ..KoYYYYoK..
        ..KKKKKKKK..
        ..KyyYYyyK..
        ..KKKKKKKK..
        """,
    ),
    "mule_bell": draw(
        "mule_bell",
        """
        ....KKKK....
        ....KRRK....
        ....KKKK....
        ...KyYYyK...
        ..KyYWYyBK..
        ..KyYYYyBK..
        ..KyYYYyBK..
        .KyyYYYyyBK.
        .KyYYYYyyBK.
        KKKKKKKKKKKK
        ....KBBK....
        .....KK.....
        """,
    ),
    "silver_spoon": draw(
        "silver_spoon",
        """
        .......KKK..
        ......KWTTK.
        .....KWTTtTK
        .....KTTttTK
        .....KTttTtK
        ......KTTtK.
        .....KTtKK..
        ....KTtK....
        ...KTtK.....
        ..KTtK......
        .KTtK.......
        .KKK........
        """,
    ),
    "ale": draw(
        "ale",
        """
        ..WWWWWW....
        .WWwWWWwW...
        .KWWwWWWK...
        KyWyyWyyKKK.
        KyYyyYyyK.bK
        KyYyyYyyK.bK
        KyYyyYyyK.bK
        KyYyyYyyK.bK
        KyYyyYyyKKK.
        KNNNNNNNK...
        KyyyyyyyK...
        .KKKKKKK....
        """,
    ),
    "ribbon": draw(
        "ribbon",
        """
        ............
        .KKK....KKK.
        KcUUK..KcUUK
        KUccUKKUccUK
        KUUcUcUUcUUK
        .KUUUcUUUUK.
        ..KKUUUKKK..
        ..KcUKUcK...
        .KcUK.KUcK..
        .KUUK..KUUK.
        KUUK....KUK.
        KKK......KK.
        """,
    ),
    "writ": draw(
        "writ",
        """
        .KKKKKKKKK..
        KwWWWWWWWwK.
        .KKWWWWWWWK.
        ..KWkkkkWWK.
        ..KWWWWWWWK.
        ..KWkkkkkWK.
        ..KWWWWWWWK.
        ..KWkkkWWWK.
        ..KWWWWRRWK.
        ..KWWWRRpRKK
        ..KWWWWRRWwK
        ..KKKKKrKKK.
        """,
    ),
    "tower_key": draw(
        "tower_key",
        """
        ...KKKKKK...
        ..KyYYYYBK..
        .KyYKKKKyBK.
        .KYKKYYKKBK.
        .KyYKKKKyBK.
        ..KyYYyBBK..
        ...KKyBKK...
        ....KYBK....
        ....KYBKKK..
        ....KYBYBK..
        ....KYBKKK..
        ....KYBYBK..
        """,
    ),
}

COIN = draw(
    "coin",
    """
    ...KKKKKK...
    ..KyYYYYyK..
    .KyYWYYYYyK.
    KyYWYyyYYYBK
    KYYYyYYYYYBK
    KYYYyYYYYYBK
    KYYYyYYyYYBK
    KyYYYyyYYYBK
    .KyYYYYYYBK.
    .KByYYYYBBK.
    ..KBBBBBBK..
    ...KKKKKK...
    """,
)

HEART = draw(
    "heart",
    """
    .KK.KK.
    KRpKRRK
    KRRRRRK
    .KRRRK.
    ..KRK..
    ...K...
    """,
)
NO_HEART = draw(
    "no-heart",
    """
    .KK.KK.
    KddKddK
    KdddddK
    .KdddK.
    ..KdK..
    ...K...
    """,
)

PARCEL = draw(
    "parcel",
    """
    ............
    .KKKKKKKKKK.
    .KbbbWbbbBK.
    .KbbbWbbbBK.
    .KbbbWbbbBK.
    .KWWWWWWWWK.
    .KbbbWbbbBK.
    .KbbbWbbbBK.
    .KbbbWbbbBK.
    .KNNNWNNNNK.
    .KKKKKKKKKK.
    ............
    """,
)
"""What an item without a picture of its own is drawn as."""


def item_picture(item: str) -> Sprite:
    """The picture of an item, or of ``gold``."""
    return COIN if item == "gold" else ITEMS.get(item, PARCEL)
