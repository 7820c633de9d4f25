"""Countries by the names people write, as ISO 3166 codes. Codes and names: the tz database (public domain)."""

_NAMES = """
AD Andorra; AE United Arab Emirates; AF Afghanistan; AG Antigua and Barbuda; AI Anguilla; AL Albania; AM
Armenia; AO Angola; AQ Antarctica; AR Argentina; AS American Samoa; AT Austria; AU Australia; AW Aruba; AX Åland
Islands; AZ Azerbaijan; BA Bosnia and Herzegovina; BB Barbados; BD Bangladesh; BE Belgium; BF Burkina Faso; BG
Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BL Saint Barthelemy; BM Bermuda; BN Brunei; BO Bolivia; BQ Caribbean
NL; BR Brazil; BS Bahamas; BT Bhutan; BV Bouvet Island; BW Botswana; BY Belarus; BZ Belize; CA Canada; CC Cocos
(Keeling) Islands; CD Democratic Republic of the Congo; CF Central African Rep.; CG Republic of the Congo; CH
Switzerland; CI Côte d'Ivoire; CK Cook Islands; CL Chile; CM Cameroon; CN China; CO Colombia; CR Costa Rica; CU
Cuba; CV Cape Verde; CW Curaçao; CX Christmas Island; CY Cyprus; CZ Czech Republic; DE Germany; DJ Djibouti; DK
Denmark; DM Dominica; DO Dominican Republic; DZ Algeria; EC Ecuador; EE Estonia; EG Egypt; EH Western Sahara; ER
Eritrea; ES Spain; ET Ethiopia; FI Finland; FJ Fiji; FK Falkland Islands; FM Micronesia; FO Faroe Islands; FR
France; GA Gabon; GB United Kingdom; GD Grenada; GE Georgia; GF French Guiana; GG Guernsey; GH Ghana; GI
Gibraltar; GL Greenland; GM Gambia; GN Guinea; GP Guadeloupe; GQ Equatorial Guinea; GR Greece; GS South Georgia
and the South Sandwich Islands; GT Guatemala; GU Guam; GW Guinea-Bissau; GY Guyana; HK Hong Kong; HM Heard
Island and McDonald Islands; HN Honduras; HR Croatia; HT Haiti; HU Hungary; ID Indonesia; IE Ireland; IL Israel;
IM Isle of Man; IN India; IO British Indian Ocean Territory; IQ Iraq; IR Iran; IS Iceland; IT Italy; JE Jersey;
JM Jamaica; JO Jordan; JP Japan; KE Kenya; KG Kyrgyzstan; KH Cambodia; KI Kiribati; KM Comoros; KN Saint Kitts
and Nevis; KP North Korea; KR South Korea; KW Kuwait; KY Cayman Islands; KZ Kazakhstan; LA Laos; LB Lebanon; LC
Saint Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania; LU Luxembourg; LV Latvia; LY
Libya; MA Morocco; MC Monaco; MD Moldova; ME Montenegro; MF Saint Martin; MG Madagascar; MH Marshall Islands; MK
North Macedonia; ML Mali; MM Myanmar; MN Mongolia; MO Macau; MP Northern Mariana Islands; MQ Martinique; MR
Mauritania; MS Montserrat; MT Malta; MU Mauritius; MV Maldives; MW Malawi; MX Mexico; MY Malaysia; MZ
Mozambique; NA Namibia; NC New Caledonia; NE Niger; NF Norfolk Island; NG Nigeria; NI Nicaragua; NL Netherlands;
NO Norway; NP Nepal; NR Nauru; NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French Polynesia; PG
Papua New Guinea; PH Philippines; PK Pakistan; PL Poland; PM Saint Pierre and Miquelon; PN Pitcairn; PR Puerto
Rico; PS Palestine; PT Portugal; PW Palau; PY Paraguay; QA Qatar; RE Réunion; RO Romania; RS Serbia; RU Russia;
RW Rwanda; SA Saudi Arabia; SB Solomon Islands; SC Seychelles; SD Sudan; SE Sweden; SG Singapore; SH Saint
Helena; SI Slovenia; SJ Svalbard and Jan Mayen; SK Slovakia; SL Sierra Leone; SM San Marino; SN Senegal; SO
Somalia; SR Suriname; SS South Sudan; ST Sao Tome and Principe; SV El Salvador; SX Sint Maarten; SY Syria; SZ
Eswatini; TC Turks and Caicos Is; TD Chad; TF French S. Terr.; TG Togo; TH Thailand; TJ Tajikistan; TK Tokelau;
TL East Timor; TM Turkmenistan; TN Tunisia; TO Tonga; TR Turkey; TT Trinidad and Tobago; TV Tuvalu; TW Taiwan;
TZ Tanzania; UA Ukraine; UG Uganda; UM US minor outlying islands; US United States; UY Uruguay; UZ Uzbekistan;
VA Vatican City; VC Saint Vincent; VE Venezuela; VG British Virgin Islands; VI US Virgin Islands; VN Vietnam; VU
Vanuatu; WF Wallis and Futuna; WS Samoa; YE Yemen; YT Mayotte; ZA South Africa; ZM Zambia; ZW Zimbabwe
"""

_ALSO = """
GB uk; great britain; britain; england; scotland; wales; northern ireland; gb-eng; gb-sct / US usa; united
states; united states of america; america; u s a; us of a / DE deutschland; allemagne; alemania; federal
republic of germany / AT österreich; oesterreich; autriche / CH schweiz; suisse; svizzera / FR frankreich;
francia / ES españa; espana; spanien; espagne / IT italia; italien / NL the netherlands; holland; nederland;
niederlande; pays-bas / BE belgië; belgie; belgique; belgien / PL polska; polen / PT portugal / IE republic of
ireland; éire; eire; irland; irlande / DK danmark; dänemark / SE sverige; schweden / NO norge; norwegen / FI
suomi; finnland / CZ czechia; česko; tschechien / HU magyarország; ungarn / GR hellas; ellada; griechenland / RO
românia / TR türkiye; turkiye; türkei / RU russian federation; россия / UA україна / IN bharat; india / CN
china; people's republic of china; prc; 中国 / JP 日本; nippon / KR korea; republic of korea; 한국 / TW taiwan; 台灣 /
HK hong kong sar / BR brasil; brasilien / MX méxico; mexico / CA canada; kanada / AU australien / NZ aotearoa /
ZA rsa; suid-afrika / AE uae; emirates; united arab emirates / SA ksa / VN viet nam / LA lao; laos / MD republic
of moldova / MK macedonia; north macedonia / CI ivory coast; côte d'ivoire / CV cape verde; cabo verde / SZ
swaziland; eswatini / PH the philippines / IL israel / EG egypt / LU luxemburg;
lussemburgo; luxemburgo / IE irlanda; ierland / DE germania; alemanha; duitsland / FR frankrijk / ES spagna; spanje /
IT italië / GB reino unido; regno unito; royaume-uni; royaume uni; vereinigtes königreich; großbritannien;
grossbritannien; verenigd koninkrijk; inghilterra; inglaterra / US estados unidos; stati uniti; états-unis; etats-unis;
vereinigte staaten; verenigde staten / NL paesi bassi; países bajos; paises bajos; olanda / BE belgio; bélgica;
belgica /
AT oostenrijk / CH suiza; zwitserland / PL pologne; polonia / PT portogallo / SE suède; suecia; svezia; zweden / NO
norvège; noruega; norvegia; noorwegen / DK danemark; dinamarca; danimarca; denemarken / FI finlande; finlandia / CZ
république tchèque; repubblica ceca; república checa; tsjechië / HU hongrie; hungría; ungheria; hongarije / GR grèce;
grecia; griekenland / RO roumanie; rumänien; rumania; roemenië / BG bulgarie; bulgarien / HR croatie; kroatien; croacia;
croazia; hrvatska / SK slovaquie; slowakei; slovensko / SI slovénie; slowenien / TR turquie; turquía; turchia; turkije /
RU russie; russland; rusia; rusland / MA maroc; marokko; marruecos; marocco / DZ algérie; algerien / TN tunisie;
tunesien / BR brésil; brasile; brazilië / MX mexique; messico; mexiko / AR argentine; argentinien / JP japon; japan;
giappone / CN chine; cina; kina / IN inde; indien / CA canadá / AU australie / ZA südafrika; afrique du sud
"""


def _read() -> dict[str, str]:
    names = {}
    for entry in " ".join(_NAMES.split()).split("; "):
        code, _, name = entry.partition(" ")
        names[name.casefold()] = code
    for group in " ".join(_ALSO.split()).split(" / "):
        code, _, others = group.partition(" ")
        names.update({other.casefold(): code for other in others.split("; ")})
    return names


COUNTRIES = _read()
"""Case-folded name -> code."""
