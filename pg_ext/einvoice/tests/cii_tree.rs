//! A CII file is read into a tree exactly as XML and Namespaces in XML say, or refused with a place and a reason.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::borrow::Cow;

use einvoice::Cancelled;
use einvoice::cii::decode::decode;
use einvoice::cii::tree::{Error, MAX_ATTRIBUTES, MAX_DEPTH, Name, Tree, name};
use einvoice::finding::{Finding, Lang};

/// What is wrong with a file.
fn refusal(bytes: &[u8]) -> Finding {
    let read =
        decode(bytes).and_then(|text| Tree::read(&text, &mut || Ok(())).map(|tree| tree.len()));
    match read {
        Err(Error::Unreadable(finding)) => *finding,
        other => panic!("{other:?}: {}", String::from_utf8_lossy(bytes)),
    }
}

fn read(text: &str) -> Tree<'_> {
    Tree::read(text, &mut || Ok(())).unwrap_or_else(|error| panic!("{error}: {text}"))
}

const RSM: &str = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";
const RAM: &str =
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";

fn small() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rsm:CrossIndustryInvoice xmlns:rsm=\"{RSM}\" xmlns:ram=\"{RAM}\">\n \
         <rsm:ExchangedDocument>\n  <ram:ID schemeID='a&amp;b'>F-1 &amp; <![CDATA[<2>]]></ram:ID>\n  <ram:IncludedNote/>\
         <ram:IncludedNote x='1'><ram:Content>é</ram:Content></ram:IncludedNote><other>t</other>\n </rsm:ExchangedDocument>\n\
         </rsm:CrossIndustryInvoice>\n"
    )
}

#[test]
fn a_tree_is_walked() {
    let text = small();
    let tree = read(&text);
    assert_eq!(tree.len(), 7);
    let root = tree.root();
    assert_eq!(
        (root.name(), root.index(), root.text()),
        (name::CROSS_INDUSTRY_INVOICE, 0, "")
    );
    assert!(root.parent().is_none());
    let document = root.child(name::EXCHANGED_DOCUMENT).unwrap();
    let id = document.child(name::ID).unwrap();
    assert_eq!(
        (
            id.text(),
            id.attribute("schemeID"),
            id.attribute("schemeid")
        ),
        ("F-1 & <2>", Some("a&b"), None)
    );
    assert_eq!(
        id.path(),
        "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID"
    );
    let notes: Vec<_> = document.all(name::INCLUDED_NOTE).collect();
    assert_eq!(notes.len(), 2);
    let content = notes[1].child(name::CONTENT).unwrap();
    assert!(matches!(content.text_cow(), Cow::Borrowed("é")));
    assert_eq!(
        content.path(),
        "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:IncludedNote[2]/ram:Content"
    );
    assert_eq!(
        content.parent().unwrap().attributes().collect::<Vec<_>>(),
        [("x", "1")]
    );
    let other = document.children().last().unwrap();
    assert_eq!(
        (other.name(), other.local_name(), other.text()),
        (Name::OTHER, "other", "t")
    );
    assert_eq!(
        other.path(),
        "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/other"
    );
    let order: Vec<&str> = tree
        .elements()
        .map(|element| element.local_name())
        .collect();
    let wanted = [
        "CrossIndustryInvoice",
        "ExchangedDocument",
        "ID",
        "IncludedNote",
        "IncludedNote",
        "Content",
        "other",
    ];
    assert_eq!(order, wanted);
    assert_eq!(
        name::CROSS_INDUSTRY_INVOICE.as_str(),
        "CrossIndustryInvoice"
    );
}

#[test]
fn any_prefix_stands_for_a_namespace() {
    let text = format!(
        "<CrossIndustryInvoice xmlns='{RSM}'><ExchangedDocument><ID xmlns='{RAM}'>1</ID><a:ID xmlns:a='{RAM}'/><ID/>\
         <ID xmlns=''/><x:ID xmlns:x='{RSM}'><x:ID xmlns:x='{RAM}'/></x:ID></ExchangedDocument></CrossIndustryInvoice>"
    );
    let tree = read(&text);
    let names: Vec<Name> = tree
        .elements()
        .skip(2)
        .map(|element| element.name())
        .collect();
    let other = Name::OTHER;
    assert_eq!(names, [name::ID, name::ID, other, other, other, name::ID]);
    let paths: Vec<String> = tree
        .elements()
        .skip(2)
        .map(|element| element.path())
        .collect();
    assert!(
        paths[0].ends_with("/ram:ID[1]") && paths[1].ends_with("/ram:ID[2]"),
        "{paths:?}"
    );
    assert!(
        paths[2].ends_with("/rsm:ID[1]") && paths[5].ends_with("/rsm:ID[2]/ram:ID"),
        "{paths:?}"
    );
}

#[test]
fn every_name_of_d16b_is_known_by_it() {
    let listed = include_str!("../d16b/elements.csv").lines().skip(3);
    let mut count = 0;
    for line in listed {
        let cells: Vec<&str> = line.split(',').collect();
        let uri = match cells[4] {
            "rsm" => RSM.to_owned(),
            "ram" => RAM.to_owned(),
            "qdt" => RSM.replace("CrossIndustryInvoice", "QualifiedDataType"),
            _ => RSM.replace("CrossIndustryInvoice", "UnqualifiedDataType"),
        };
        let text = format!("<p:{0} xmlns:p='{uri}'/>", cells[2]);
        assert_eq!(read(&text).root().name().as_str(), cells[2]);
        let text = format!("<{0} xmlns='urn:x'/>", cells[2]);
        assert_eq!(read(&text).root().name(), Name::OTHER);
        count += 1;
    }
    assert!(count > 900);
}

#[test]
fn text_is_what_xml_says_it_is() {
    for (xml, text) in [
        ("<a>x\r\ny\rz\n</a>", "x\ny\nz\n"),
        (
            "<a>&#13;&#xE9;&#x1F600;&lt;&gt;&amp;&quot;&apos;</a>",
            "\ré😀<>&\"'",
        ),
        ("<a> <!-- c --><?p i?> </a>", "  "),
        (
            "<a>1<!-- c -->2<![CDATA[]]>3<![CDATA[&amp;]]></a>",
            "123&amp;",
        ),
        ("<a>\n <b/>\n <c/> </a>", ""),
        ("<a>x<b/>y</a>", "xy"),
        ("<a>]] > ]]&gt;</a>", "]] > ]]>"),
        ("\u{FEFF}<a>é</a>", "é"),
    ] {
        assert_eq!(read(xml).root().text(), text, "{xml}");
    }
    let tree = "<a b='1\t2\r\n3\n4&#10;&lt;' c=\"'\"/>";
    let tree = read(tree);
    assert_eq!(
        (tree.root().attribute("b"), tree.root().attribute("c")),
        (Some("1 2 3 4\n<"), Some("'"))
    );
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_place() {
    for (xml, rule, value) in [
        ("", "XML-EMPTY", ""),
        (" \n ", "XML-EMPTY", ""),
        ("hello", "XML-WELL-FORMED", "1:1"),
        ("{\"$schema\": 1}", "XML-WELL-FORMED", "1:1"),
        ("<a>\n<b></a>", "XML-TAG", "2:4"),
        ("<a></a><b/>", "XML-ONE-ROOT", "1:8"),
        ("<a/>x", "XML-ONE-ROOT", "1:5"),
        ("<a", "XML-TRUNCATED", "1:3"),
        ("<a>é", "XML-TRUNCATED", "1:5"),
        ("<a b='1", "XML-TRUNCATED", "1:8"),
        ("<a><!-- ", "XML-TRUNCATED", "1:9"),
        ("<a b='1' b='2'/>", "XML-ATTRIBUTE-TWICE", "1:10"),
        (
            "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
            "XML-ATTRIBUTE-TWICE",
            "1:1",
        ),
        ("<a xmlns='u' xmlns='u'/>", "XML-ATTRIBUTE-TWICE", "1:14"),
        ("<p:a/>", "XML-NAMESPACE", "1:2"),
        ("<a p:b=''/>", "XML-NAMESPACE", "1:1"),
        ("<a:b:c xmlns:a='u'/>", "XML-NAMESPACE", "1:2"),
        ("<:a/>", "XML-NAMESPACE", "1:2"),
        ("<a xmlns:p=''/>", "XML-NAMESPACE", "1:4"),
        ("<a xmlns:xmlns='u'/>", "XML-NAMESPACE", "1:4"),
        ("<a xmlns:xml='u'/>", "XML-NAMESPACE", "1:4"),
        ("<a xmlns='a b'/>", "XML-NAMESPACE", "1:4"),
        ("<a>\u{1}</a>", "XML-CHARACTER", "1:4"),
        ("<a>&#1;</a>", "XML-CHARACTER", "1:4"),
        ("<a>&#xD800;</a>", "XML-CHARACTER", "1:4"),
        ("<a>\u{FFFE}</a>", "XML-CHARACTER", "1:4"),
        ("<a>]]></a>", "XML-WELL-FORMED", "1:4"),
        ("<a><!-- -- --></a>", "XML-WELL-FORMED", "1:11"),
        ("<a><!----->\n</a>", "XML-WELL-FORMED", "1:10"),
        ("<a b='<'/>", "XML-WELL-FORMED", "1:7"),
        ("<a b=1/>", "XML-WELL-FORMED", "1:6"),
        ("<a b/>", "XML-WELL-FORMED", "1:5"),
        ("<a b='1'c='2'/>", "XML-WELL-FORMED", "1:9"),
        ("<1a/>", "XML-WELL-FORMED", "1:2"),
        ("<a / >", "XML-WELL-FORMED", "1:5"),
        ("<a></ a>", "XML-TAG", "1:4"),
        ("<a>&nbsp;</a>", "XML-REFERENCE", "1:4"),
        ("<a>a & b</a>", "XML-REFERENCE", "1:6"),
        ("<a>&amp</a>", "XML-REFERENCE", "1:4"),
        ("<a>&#x;</a>", "XML-REFERENCE", "1:4"),
        ("<a>&#X41;</a>", "XML-REFERENCE", "1:4"),
        ("<a b='&nbsp;'/>", "XML-REFERENCE", "1:7"),
        ("<a><?xml x?></a>", "XML-WELL-FORMED", "1:4"),
        ("<a><?XML x?></a>", "XML-WELL-FORMED", "1:4"),
        (" <?xml version='1.0'?><a/>", "XML-WELL-FORMED", "1:2"),
        ("<?xml version='2.0'?><a/>", "XML-WELL-FORMED", "1:15"),
        ("<?xml encoding='UTF-8'?><a/>", "XML-WELL-FORMED", "1:6"),
        (
            "<?xml version='1.0' standalone='maybe'?><a/>",
            "XML-WELL-FORMED",
            "1:32",
        ),
        (
            "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>",
            "XML-WELL-FORMED",
            "1:38",
        ),
        ("<!DOCTYPE a><a/>", "XML-DTD", "1:1"),
        ("<a><!DOCTYPE a></a>", "XML-WELL-FORMED", "1:4"),
    ] {
        let finding = refusal(xml.as_bytes());
        assert_eq!(finding.rule.id, rule, "{xml}: {finding:?}");
        assert!(finding.value.starts_with(value), "{xml}: {finding:?}");
        for lang in [Lang::En, Lang::Fr] {
            assert!(
                !finding.message(lang).contains('{') || xml.contains('{'),
                "{}",
                finding.message(lang)
            );
        }
    }
    let colon = format!(
        "<CrossIndustryInvoice xmlns='{RSM}'><:ExchangedDocument></:ExchangedDocument></CrossIndustryInvoice>"
    );
    assert_eq!(refusal(colon.as_bytes()).rule.id, "XML-NAMESPACE");
    let finding = refusal(small().replace("F-1 &amp;", "F-1 &").as_bytes());
    assert_eq!(
        finding.path,
        "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID"
    );
}

#[test]
fn encodings_are_told_apart() {
    let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?><a>é</a>");
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let latin = |text: &str| {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect::<Vec<u8>>()
    };
    let big = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    for bytes in [
        declared("UTF-8").into_bytes(),
        declared("utf-8").into_bytes(),
        "<a>é</a>".as_bytes().to_vec(),
        "\u{FEFF}<a>é</a>".as_bytes().to_vec(),
        utf16("\u{FEFF}<a>é</a>"),
        big("\u{FEFF}<a>é</a>"),
        utf16(&declared("UTF-16")),
        big(&declared("UTF-16")),
        latin(&declared("ISO-8859-1")),
        latin(&declared("windows-1252")),
        latin(&declared("ISO-8859-15")),
    ] {
        let text = decode(&bytes).unwrap();
        assert_eq!(read(&text).root().text(), "é", "{bytes:?}");
    }
    let euro = b"<?xml version='1.0' encoding='Windows-1252'?><a>\x80</a>";
    assert_eq!(read(&decode(euro).unwrap()).root().text(), "€");
    for (bytes, rule) in [
        (latin("<a>é</a>"), "XML-ENCODING"),
        (latin(&declared("UTF-8")), "XML-ENCODING"),
        (declared("US-ASCII").into_bytes(), "XML-ENCODING"),
        (declared("UTF-16").into_bytes(), "XML-ENCODING"),
        (
            b"<?xml version='1.0' encoding='Windows-1252'?><a>\x81</a>".to_vec(),
            "XML-ENCODING",
        ),
        (
            b"\xFF\xFE<\0a"
                .iter()
                .chain(b"\x00\xD8/\0")
                .copied()
                .collect(),
            "XML-ENCODING",
        ),
        (declared("klingon").into_bytes(), "XML-ENCODING-UNKNOWN"),
        (b"\xED\xA0\x80".to_vec(), "XML-ENCODING"),
        (vec![0xFF; 10], "XML-ENCODING"),
        (vec![0; 10], "XML-CHARACTER"),
    ] {
        assert_eq!(
            refusal(&bytes).rule.id,
            rule,
            "{}",
            String::from_utf8_lossy(&bytes)
        );
    }
    let finding = refusal(b"<a>\n<b>\xE9</b></a>");
    assert_eq!(
        (finding.value.as_str(), finding.wanted.as_str()),
        ("2:4, 0xE9", "UTF-8")
    );
}

#[test]
fn what_is_too_large_is_refused() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert_eq!(read(&nested(MAX_DEPTH)).len(), MAX_DEPTH);
    assert_eq!(
        refusal(nested(MAX_DEPTH + 1).as_bytes()).rule.id,
        "XML-LIMIT"
    );
    assert_eq!(refusal(nested(10_000).as_bytes()).rule.id, "XML-LIMIT");
    let attributes = |count: usize| {
        (0..count)
            .map(|at| format!(" a{at}=''"))
            .collect::<String>()
    };
    assert_eq!(
        read(&format!("<a{}/>", attributes(MAX_ATTRIBUTES)))
            .root()
            .attributes()
            .count(),
        MAX_ATTRIBUTES
    );
    assert_eq!(
        refusal(format!("<a{}/>", attributes(MAX_ATTRIBUTES + 1)).as_bytes())
            .rule
            .id,
        "XML-LIMIT"
    );
    let namespaces: String = (0..300).map(|at| format!("<a xmlns='u:{at}'/>")).collect();
    assert_eq!(
        refusal(format!("<a>{namespaces}</a>").as_bytes()).rule.id,
        "XML-LIMIT"
    );
    let long = "x".repeat(1 << 20);
    assert_eq!(
        read(&format!("<a b='{long}'/>")).root().attribute("b"),
        Some(long.as_str())
    );
    assert_eq!(
        refusal(format!("<{long}/>").as_bytes()).rule.id,
        "XML-LIMIT"
    );
    let huge = " ".repeat((128 << 20) + 1);
    assert_eq!(refusal(huge.as_bytes()).rule.id, "XML-LIMIT");
    let Err(Error::Unreadable(finding)) = Tree::read(&huge, &mut || Ok(())) else {
        panic!("too long a text was read")
    };
    assert_eq!(finding.rule.id, "XML-LIMIT");
}

#[test]
fn a_billion_laughs_are_not_laughed() {
    let mut bomb = String::from("<!DOCTYPE lolz [<!ENTITY lol0 'lol'>");
    for at in 1..10 {
        bomb.push_str(&format!(
            "<!ENTITY lol{at} '{}'>",
            format!("&lol{};", at - 1).repeat(10)
        ));
    }
    bomb.push_str("]><lolz>&lol9;</lolz>");
    assert_eq!(refusal(bomb.as_bytes()).rule.id, "XML-DTD");
    let external = "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>";
    assert_eq!(refusal(external.as_bytes()).rule.id, "XML-DTD");
}

#[test]
fn reading_is_cancelled_when_asked() {
    let text = format!("<a>{}</a>", "<b/>".repeat(50_000));
    let mut polls = 0;
    let stopped = Tree::read(&text, &mut || {
        polls += 1;
        if polls == 3 { Err(Cancelled) } else { Ok(()) }
    });
    assert!(matches!(stopped, Err(Error::Cancelled(_))));
    assert_eq!(polls, 3);
}
