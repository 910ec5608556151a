"""Drives the simulator with the PyPI package chorus-api, which nobody here wrote.

Arguments: base URL, client id, client secret, login, password, SIRET of a buyer, path of a CII file.
Prints one JSON object of what the package understood.
"""

import json
import sys

import requests
from chorusapi.client import ChorusAPI
from chorusapi.constants.syntax_flux_constant import SyntaxFlux
from chorusapi.exceptions.exception import ChorusApiException
from chorusapi.utils.chorus_utils import base_64_encode_file

url, client_id, client_secret, login, password, buyer_siret, cii = sys.argv[1:]


def client(secret=client_secret, tech_password=password):
    api = ChorusAPI(client_id, secret, login, tech_password)
    api.auth_url, api.api_url = f"{url}/api/oauth/token", url
    return api


def refused(call):
    try:
        call()
    except ChorusApiException as error:
        return str(error)
    return None


api = client().auth()
health = api.health_check()
structure = api.rechercher_structure(buyer_siret).liste_structures[0]
consulted = api.consulter_structure(structure.id_structure_cpp)
services = api.rechercher_services(structure.id_structure_cpp).liste_structures
deposit = api.deposer_flux(
    base_64_encode_file(cii), "python.xml", syntaxe_flux=SyntaxFlux.IN_DP_E1_CII_16B
)
report = api.consulter_cr_detaille(deposit.numero_flux_depot)
short = api.consulter_cr(deposit.numero_flux_depot)
invoice = api.rechercher_facture(deposit.numero_flux_depot).liste_factures[0]

# The package has no call for the history; its headers and its token serve a plain one.
history = requests.post(
    f"{api.api_url}/cpro/factures/v1/consulter/historique",
    headers=api._make_headers(),
    data=json.dumps({"idFacture": invoice.identifiant_facture_cpp}),
    timeout=30,
).json()

print(
    json.dumps(
        {
            "token": len(api.get_token()),
            "health": [health.status_code_value, health.status_code],
            "structure": [structure.identifiant_structure, structure.statut],
            "service_required": consulted.parametres.code_service_doit_etre_renseigne,
            "services": [[one.code_service, one.est_actif] for one in services],
            "deposit": [deposit.code_retour, deposit.numero_flux_depot, deposit.syntaxe_flux],
            "report": [report.code_retour, report.etat_courant_depot_flux, report.nomFichier],
            "report_errors": [one.libelle_erreur_dP for one in report.liste_erreur_dp],
            "pdf": [short.code_retour, short.etat_courant_flux, short.fichier_cr[:4]],
            "unknown_flux": api.consulter_cr_detaille("CPP0011106000000000000099").libelle,
            "invoice": [
                invoice.numero_facture,
                invoice.statut,
                invoice.type_facture,
                invoice.montant_ttc,
                invoice.rejet_traite,
            ],
            "history": [
                passage["histoStatutCode"]
                for passage in history["historiquesDesStatuts"]["histoStatut"]
            ],
            "wrong_secret": refused(client(secret="wrong").auth),
            "wrong_password": refused(client(tech_password="wrong").auth().health_check),
            "no_token": refused(client().health_check),
        }
    )
)
