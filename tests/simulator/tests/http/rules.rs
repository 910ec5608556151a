//! What Chorus Pro checks in the CII.

use chorus_simulator::{Account, IdType, Role, ServiceSpec, StructureSpec};

use crate::client::{World, but, cii};

/// Deposits and returns the errors in the ledger.
async fn errors(world: &World, xml: &str) -> Vec<String> {
    world.deposit(xml).await;
    world.simulator.ledger().posts.pop().unwrap().errors
}

#[tokio::test]
async fn each_rule_finds_its_own_violation() {
    let world = World::start().await;
    let means = "<ram:TypeCode>30</ram:TypeCode>";
    let cases: &[(&str, &str, &str)] = &[
        (
            "<ram:ID>F-1<",
            "<ram:ID>F-1234567890123456789012<",
            "ne doit pas depasser 20 caracteres",
        ),
        ("<ram:ID>F-1<", "<ram:ID>F.1<", "caracteres non autorises"),
        (
            "<ram:ID>F-1<",
            "<ram:ID><",
            "ExchangedDocument.ID.value est obligatoire",
        ),
        (
            "<ram:ID>A1<",
            "<ram:ID>B1<",
            "BusinessProcessSpecifiedDocumentContextParameter.ID.value",
        ),
        ("<ram:ID>A1<", "<ram:ID>A26<", "cadre de facturation"),
        ("<ram:ID>A1<", "<ram:ID>A01<", "cadre de facturation"),
        ("<ram:ID>A1<", "<ram:ID>A2<", "deja payee (A2)"),
        ("<ram:TypeCode>380", "<ram:TypeCode>999", "type de facture"),
        (
            "<ram:TypeCode>380",
            "<ram:TypeCode>381",
            "InvoiceReferencedDocument.IssuerAssignedID.value est obligatoire",
        ),
        ("20260910", "20260931", "format 102"),
        ("20260910", "19990910", "format 102"),
        ("format=\"102\"", "format=\"203\"", "format 102"),
        (
            "73282932000074",
            "73282932000082",
            "identifiant fournisseur de la demande de paiement",
        ),
        (
            "73282932000074",
            "732 829 320 00074",
            "n'est pas reference dans notre systeme",
        ),
        (
            "schemeID=\"1\">35600000000048",
            "schemeID=\"1\">35600000000049",
            "identifiant destinataire",
        ),
        (
            "schemeID=\"1\">35600000000048",
            "schemeID=\"9\">35600000000048",
            "BuyerTradeParty.SpecifiedLegalOrganization.ID.value est obligatoire",
        ),
        (
            "<ram:Name>Destinataire Exemple</ram:Name>",
            "",
            "BuyerTradeParty.Name.value est obligatoire",
        ),
        ("FACTURES-DSI", "AUTRE", "code service"),
        (
            "<ram:BuyerReference>FACTURES-DSI</ram:BuyerReference>",
            "",
            "BuyerReference.value) est obligatoire",
        ),
        (
            means,
            "",
            "SpecifiedTradeSettlementPaymentMeans.TypeCode.value est obligatoire",
        ),
        (means, "<ram:TypeCode>57</ram:TypeCode>", "mode de paiement"),
        (
            "<ram:IBANID>FR7630006000011234567890189</ram:IBANID>",
            "",
            "IBANID.value est obligatoire",
        ),
        (
            "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>",
            "",
            "InvoiceCurrencyCode.value est obligatoire",
        ),
        (
            "<ram:DuePayableAmount>90.00</ram:DuePayableAmount>",
            "",
            "DuePayableAmount.value est obligatoire",
        ),
        (
            "<ram:DuePayableAmount>90.00",
            "<ram:DuePayableAmount>90.01",
            "DuePayableAmount.value (90.01) differe",
        ),
        (
            "<ram:GrandTotalAmount>120.00",
            "<ram:GrandTotalAmount>121.00",
            "GrandTotalAmount.value (121.00) differe",
        ),
        (
            "<ram:TaxBasisTotalAmount>100.00",
            "<ram:TaxBasisTotalAmount>101.00",
            "TaxBasisTotalAmount.value (101.00) differe",
        ),
        (
            "        <ram:LineTotalAmount>110.00",
            "        <ram:LineTotalAmount>111.00",
            "LineTotalAmount.value (111.00) differe",
        ),
        (
            "<ram:DuePayableAmount>90.00",
            "<ram:DuePayableAmount>90.000",
            "2 decimales",
        ),
        (
            "<ram:ChargeAmount>55.00",
            "<ram:ChargeAmount>55.0000001",
            "6 decimales",
        ),
        (
            "<ram:ChargeAmount>55.00",
            "<ram:ChargeAmount>-55.00",
            "positif",
        ),
        (
            "unitCode=\"HUR\">2<",
            "unitCode=\"HUR\">2.00001<",
            "4 decimales",
        ),
        (
            "<ram:NetPriceProductTradePrice>",
            "<ram:GrossPriceProductTradePrice><ram:ChargeAmount>60</ram:ChargeAmount></ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice>",
            "AppliedTradeAllowanceCharge.ActualAmount.value est obligatoire",
        ),
        (
            "<ram:SpecifiedTradePaymentTerms>",
            "<ram:SpecifiedTradePaymentTerms/><ram:SpecifiedTradePaymentTerms>",
            "SpecifiedTradePaymentTerms ne doit figurer qu'une fois",
        ),
    ];
    assert_eq!(errors(&world, &cii("VALID")).await, Vec::<String>::new());
    for (part, by, message) in cases {
        let found = errors(&world, &but(&cii("F-1"), part, by)).await;
        assert!(found[0].contains(message), "{part} -> {by}: {found:?}");
        // A wrong sum makes the sums after it wrong too; nothing else has consequences.
        assert!(
            found.len() == 1 || message.contains("differe"),
            "{part} -> {by}: {found:?}"
        );
    }
}

#[tokio::test]
async fn an_empty_invoice_lists_everything_it_lacks() {
    let world = World::start().await;
    let empty = "<CrossIndustryInvoice xmlns=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\"/>";
    let found = errors(&world, empty).await;
    for element in [
        "ExchangedDocument.ID",
        "TypeCode",
        "IssueDateTime",
        "SellerTradeParty",
        "BuyerTradeParty",
        "LineItem",
        "GrandTotal",
    ] {
        assert!(
            found.iter().any(|error| error.contains(element)),
            "{element}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_credit_note_needs_its_original_and_no_payment_means() {
    let world = World::start().await;
    let xml = but(&cii("C-1"), "<ram:TypeCode>380", "<ram:TypeCode>381");
    let start = xml
        .find("<ram:SpecifiedTradeSettlementPaymentMeans>")
        .unwrap();
    let end = xml
        .find("<ram:ApplicableTradeTax>\n        <ram:CalculatedAmount>")
        .unwrap();
    let without_means = format!("{}{}", &xml[..start], &xml[end..]);
    let original = "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F-1</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>";
    let end_of_settlement = "</ram:ApplicableHeaderTradeSettlement>";
    let referring = |count: usize| {
        but(
            &without_means,
            end_of_settlement,
            &format!("{}{end_of_settlement}", original.repeat(count)),
        )
    };
    assert_eq!(errors(&world, &referring(1)).await, Vec::<String>::new());
    let twice = errors(&world, &but(&referring(2), "C-1", "C-2")).await;
    assert!(
        twice[0].contains("InvoiceReferencedDocument ne doit figurer qu'une fois"),
        "{twice:?}"
    );
}

#[tokio::test]
async fn the_supplier_is_known_by_any_of_its_identifiers() {
    let world = World::start().await;
    world.simulator.put_structure(StructureSpec::new(
        Role::Supplier,
        IdType::UeHorsFrance,
        "DE111111125",
        "GmbH",
    ));
    let seller = "<ram:SpecifiedLegalOrganization><ram:ID schemeID=\"1\">73282932000074</ram:ID></ram:SpecifiedLegalOrganization>";
    let legal = |scheme: &str, id: &str| {
        format!(
            "<ram:SpecifiedLegalOrganization><ram:ID schemeID=\"{scheme}\">{id}</ram:ID></ram:SpecifiedLegalOrganization>"
        )
    };
    let siren_and_siret = format!(
        "<ram:GlobalID schemeID=\"0009\">73282932000074</ram:GlobalID>{}",
        legal("0002", "732829320")
    );
    let identifiers = [
        (legal("0002", "73282932000074"), "732829320"),
        (siren_and_siret, "732829320"),
        (legal("2", "DE111111125"), "DE111111125"),
        (legal("0223", "DE111111125"), "DE111111125"),
    ];
    for (rank, (identifier, siren)) in identifiers.iter().enumerate() {
        let xml = but(&cii(&format!("F-{rank}")), seller, identifier);
        assert_eq!(
            errors(&world, &xml).await,
            Vec::<String>::new(),
            "{identifier}"
        );
        assert_eq!(
            world
                .simulator
                .ledger()
                .posts
                .pop()
                .unwrap()
                .siren
                .as_deref(),
            Some(*siren)
        );
    }
    let found = errors(
        &world,
        &but(&cii("F-9"), seller, &legal("3", "DE111111125")),
    )
    .await;
    assert!(found[0].contains("n'est pas reference"), "{found:?}");
}

#[tokio::test]
async fn a_framework_in_the_place_of_the_guideline_is_read() {
    let world = World::start().await;
    let xml = cii("F-1");
    let start = xml.find("    <ram:BusinessProcess").unwrap();
    let end = xml.find("    <ram:Guideline").unwrap();
    let without = format!("{}{}", &xml[..start], &xml[end..]);
    assert_eq!(errors(&world, &without).await, Vec::<String>::new());
    let wrong = errors(
        &world,
        &but(
            &but(&without, "F-1", "F-2"),
            "urn:cen.eu:en16931:2017",
            "M1",
        ),
    )
    .await;
    assert!(wrong[0].contains("cadre de facturation"), "{wrong:?}");
}

#[tokio::test]
async fn a_supplier_with_its_own_account_is_not_the_default_account_s() {
    let world = World::start().await;
    let mut other = StructureSpec::new(Role::Supplier, IdType::Siret, "55203253400646", "Autre");
    other.account = Some(Account {
        login: "TECH_2@cpro.fr".into(),
        password: "p".into(),
    });
    world.simulator.put_structure(other);
    let found = errors(
        &world,
        &but(&cii("F-1"), "73282932000074", "55203253400646"),
    )
    .await;
    assert!(
        found[0].contains("n'est pas rattache au compte deposant"),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_buyer_s_flags_decide_what_is_required() {
    let world = World::start().await;
    let service = "<ram:BuyerReference>FACTURES-DSI</ram:BuyerReference>";
    let bare = but(
        &but(&cii("NUMBER"), service, "ROUTING"),
        "35600000000048",
        "12345678200051",
    );
    let order = "<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>EJ-1</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>";
    let contract = "<ram:ContractReferencedDocument><ram:IssuerAssignedID>M-1</ram:IssuerAssignedID></ram:ContractReferencedDocument>";
    let strict = "<ram:BuyerReference>STRICT</ram:BuyerReference>";
    let closed = "<ram:BuyerReference>CLOSED</ram:BuyerReference>";
    let buyer = |change: fn(&mut StructureSpec)| {
        let mut spec = StructureSpec::new(Role::Buyer, IdType::Siret, "12345678200051", "Commune");
        let strict = ServiceSpec {
            engagement_required: true,
            ..ServiceSpec::new("STRICT", "")
        };
        let closed = ServiceSpec {
            inactive: true,
            ..ServiceSpec::new("CLOSED", "")
        };
        spec.services = vec![ServiceSpec::new("FACTURES-DSI", ""), strict, closed];
        change(&mut spec);
        spec
    };
    let cases = [
        (buyer(|_| {}), "", None),
        (buyer(|_| {}), closed, Some("inconnu ou inactif")),
        (buyer(|_| {}), strict, Some("engagement juridique")),
        (
            buyer(|spec| spec.engagement_required = true),
            service,
            Some("engagement juridique"),
        ),
        (buyer(|spec| spec.engagement_required = true), order, None),
        (
            buyer(|spec| spec.engagement_required = true),
            contract,
            None,
        ),
        (
            buyer(|spec| spec.service_or_engagement = true),
            "",
            Some("BuyerReference.value) ou le numero"),
        ),
        (
            buyer(|spec| spec.service_or_engagement = true),
            service,
            None,
        ),
        (buyer(|spec| spec.service_or_engagement = true), order, None),
        (
            buyer(|spec| spec.works_only = true),
            "",
            Some("factures de travaux"),
        ),
        (
            buyer(|spec| spec.inactive = true),
            "",
            Some("identifiant destinataire"),
        ),
    ];
    for (rank, (spec, routing, message)) in cases.into_iter().enumerate() {
        world.simulator.put_structure(spec);
        let xml = but(
            &but(&bare, "ROUTING", routing),
            "<ram:ID>NUMBER<",
            &format!("<ram:ID>B-{rank}<"),
        );
        let found = errors(&world, &xml).await;
        match message {
            None => assert_eq!(found, Vec::<String>::new(), "case {rank}"),
            Some(message) => assert!(
                found.len() == 1 && found[0].contains(message),
                "case {rank}: {found:?}"
            ),
        }
    }
}
