import { createHash } from 'node:crypto';
import type { WorldNode } from '../world/node.ts';

/**
 * /etc/ssl/certs as Debian's ca-certificates fills it: each authority under its name and under the hash of its subject, and all in one
 * file. The certificates themselves are noise of the right form and length: nobody here checks one.
 */
export function certificateFiles(mtimeMs: number): [path: string, node: WorldNode][] {
  const root = { uid: 0, gid: 0, mtimeMs };
  const link = (target: string): WorldNode => ({ kind: 'link', mode: 0o777, ...root, target });
  const names = authorities.split(' ').map((each) => each.split(':'));
  const own = names.flatMap(([hash = '', name = '']): [string, WorldNode][] => [
    [`${store}/${name}.crt`, { kind: 'made', mode: 0o644, ...root, sizeBytes: pemBytes(name), make: () => pem(name) }],
    [`/etc/ssl/certs/${name}.pem`, link(`${store}/${name}.crt`)],
    [`/etc/ssl/certs/${hash}.0`, link(`${name}.pem`)],
  ]);
  const all: WorldNode = {
    ...{ kind: 'made', mode: 0o644, ...root },
    sizeBytes: names.reduce((sum, [, name = '']) => sum + pemBytes(name), 0),
    make: () => Buffer.concat(names.map(([, name = '']) => pem(name))),
  };
  return [...own, ['/etc/ssl/certs/ca-certificates.crt', all]];
}

const store = '/usr/share/ca-certificates/mozilla';
const [head, foot] = ['-----BEGIN CERTIFICATE-----\n', '-----END CERTIFICATE-----\n'];

/** Of the signs between head and foot, whole groups of four: 900 to 2,400. */
function bodyLength(name: string): number {
  return 900 + (createHash('md5').update(name).digest().readUInt16LE(0) % 376) * 4;
}

function pemBytes(name: string): number {
  const length = bodyLength(name);
  return head.length + length + Math.ceil(length / 64) + foot.length;
}

function pem(name: string): Buffer {
  const length = bodyLength(name);
  const noise = createHash('shake256', { outputLength: (length / 4) * 3 })
    .update(name)
    .digest();
  // A sequence of DER with a length of two bytes.
  Buffer.from('308205', 'hex').copy(noise);
  return Buffer.from(`${head}${noise.toString('base64').replace(/.{1,64}/g, '$&\n')}${foot}`, 'latin1');
}

/** Of Debian 12, as `openssl rehash` names them. */
const authorities =
  '002c0b4f:GlobalSign_Root_R46 02265526:Entrust_Root_Certification_Authority_-_G2 062cdee6:GlobalSign_Root_CA_-_R3 064e0aa9:QuoVadis_Root_CA_2_G3 06dc52d5:SSL.com_EV_Root_Certification_Authority_RSA_R2 08063a00:Security_Communication_RootCA3 09789157:Starfield_Services_Root_Certificate_Authority_-_G2 0a775a30:GTS_Root_R3 0b1b94ef:CFCA_EV_ROOT 0b9bc432:ISRG_Root_X2 0bf05006:SSL.com_Root_Certification_Authority_ECC 0f5dc4f3:UCA_Extended_Validation_Root 0f6fa695:GDCA_TrustAUTH_R5_ROOT 1001acf7:GTS_Root_R1 106f3e4d:Entrust_Root_Certification_Authority_-_EC1 14bc7599:emSign_ECC_Root_CA_-_G3 18856ac4:SecureSign_RootCA11 1d3472b9:GlobalSign_ECC_Root_CA_-_R5 1e08bfd1:IdenTrust_Public_Sector_Root_CA_1 1e09d511:T-TeleSec_GlobalRoot_Class_2 244b5494:DigiCert_High_Assurance_EV_Root_CA 2923b3f9:emSign_Root_CA_-_G1 2ae6433e:CA_Disig_Root_R2 2b349938:AffirmTrust_Commercial 32888f65:Hellenic_Academic_and_Research_Institutions_RootCA_2015 3513523f:DigiCert_Global_Root_CA 3bde41ac:Autoridad_de_Certificacion_Firmaprofesional_CIF_A62634068 3e44d2f7:TrustCor_RootCert_CA-2 3e45d192:Hongkong_Post_Root_CA_1 3fb36b73:NAVER_Global_Root_Certification_Authority 40193066:Certum_Trusted_Network_CA_2 4042bcee:ISRG_Root_X1 40547a79:COMODO_Certification_Authority 406c9bb1:emSign_Root_CA_-_C1 48bec511:Certum_Trusted_Network_CA 4b718d9b:emSign_ECC_Root_CA_-_C3 4bfab552:Starfield_Root_Certificate_Authority_-_G2 4f316efb:SwissSign_Gold_CA_-_G2 5273a94c:E-Tugra_Certification_Authority 5443e9e3:T-TeleSec_GlobalRoot_Class_3 54657681:Buypass_Class_2_Root_CA 57bcb2da:SwissSign_Silver_CA_-_G2 5860aaa6:Security_Communication_ECC_RootCA1 5931b5bc:D-TRUST_EV_Root_CA_1_2020 5a7722fb:E-Tugra_Global_Root_CA_ECC_v3 5ad8a5d6:GlobalSign_Root_CA 5cd81ad7:TeliaSonera_Root_CA_v1 5d3033c5:TrustCor_RootCert_CA-1 5e98733a:Entrust_Root_Certification_Authority_-_G4 5f15c80c:TWCA_Global_Root_CA 5f618aec:certSIGN_Root_CA_G2 607986c7:DigiCert_Global_Root_G2 626dceaf:GTS_Root_R2 653b494a:Baltimore_CyberTrust_Root 66445960:E-Tugra_Global_Root_CA_RSA_v3 68dd7389:Hongkong_Post_Root_CA_3 6b99d060:Entrust_Root_Certification_Authority 6d41d539:Amazon_Root_CA_2 6fa5da56:SSL.com_Root_Certification_Authority_RSA 706f604c:XRamp_Global_CA_Root 749e9e03:QuoVadis_Root_CA_1_G3 75d1b2ed:DigiCert_Trusted_Root_G4 76faf6c0:QuoVadis_Root_CA_3 7719f463:Hellenic_Academic_and_Research_Institutions_ECC_RootCA_2015 773e07ad:OISTE_WISeKey_Global_Root_GC_CA 7a3adc42:vTrus_Root_CA 7a780d93:Certainly_Root_R1 7aaf71c0:TrustCor_ECA-1 7f3d5d1d:DigiCert_Assured_ID_Root_G3 8160b96c:Microsec_e-Szigno_Root_CA_2009 8508e720:Certainly_Root_E1 8cb5ee0f:Amazon_Root_CA_3 8d86cdd1:certSIGN_ROOT_CA 8d89cda1:Microsoft_ECC_Root_Certificate_Authority_2017 8f103249:Telia_Root_CA_v2 9046744a:Sectigo_Public_Server_Authentication_Root_R46 90c5a3c8:HiPKI_Root_CA_-_G1 930ac5d2:Actalis_Authentication_Root_CA 93bc0acc:AffirmTrust_Networking 9482e63a:Certum_EC-384_CA 9846683b:DigiCert_TLS_ECC_P384_Root_G5 988a38cb:NetLock_Arany_=Class_Gold=_Főtanúsítvány 9b5697b0:Trustwave_Global_ECC_P256_Certification_Authority 9c8dfbd4:AffirmTrust_Premium_ECC 9d04f354:DigiCert_Assured_ID_Root_G2 9ef4a08a:D-TRUST_BR_Root_CA_1_2020 9f727ac7:HARICA_TLS_RSA_Root_CA_2021 a3418fda:GTS_Root_R4 a94d09e5:ACCVRAIZ1 aee5f10d:Entrust.net_Premium_2048_Secure_Server_CA b0e59380:GlobalSign_ECC_Root_CA_-_R4 b1159c4c:DigiCert_Assured_ID_Root_CA b433981b:ANF_Secure_Server_Root_CA b66938e9:Secure_Global_CA b727005e:AffirmTrust_Premium b7a5b843:TWCA_Root_Certification_Authority b81b93f0:AC_RAIZ_FNMT-RCM_SERVIDORES_SEGUROS bf53fb88:Microsoft_RSA_Root_Certificate_Authority_2017 c01eb047:UCA_Global_G2_Root c28a8a30:D-TRUST_Root_Class_3_CA_2_2009 ca6e4ad9:ePKI_Root_Certification_Authority cbf06781:Go_Daddy_Root_Certificate_Authority_-_G2 cc450945:Izenpe.com cd58d51e:Security_Communication_RootCA2 cd8c0d63:AC_RAIZ_FNMT-RCM ce5e74ef:Amazon_Root_CA_1 d4dae3dd:D-TRUST_Root_Class_3_CA_2_EV_2009 d52c538d:DigiCert_TLS_RSA4096_Root_G5 d6325660:COMODO_RSA_Certification_Authority d7e8dc79:QuoVadis_Root_CA_2 d887a5bb:Trustwave_Global_ECC_P384_Certification_Authority da0cfd1d:Sectigo_Public_Server_Authentication_Root_E46 dc4d6a89:GlobalSign_Root_CA_-_R6 dd8e9d41:DigiCert_Global_Root_G3 de6d66f3:Amazon_Root_CA_4 e113c810:Certigna e18bfb83:QuoVadis_Root_CA_3_G3 e35234b1:Certum_Trusted_Root_CA e36a6752:Atos_TrustedRoot_2011 e73d606e:OISTE_WISeKey_Global_Root_GB_CA e868b802:e-Szigno_Root_CA_2017 e8de2f56:Buypass_Class_3_Root_CA ecccd8db:HARICA_TLS_ECC_Root_CA_2021 ed858448:vTrus_ECC_Root_CA ee64a828:Comodo_AAA_Services_root eed8c118:COMODO_ECC_Certification_Authority ef954a4e:IdenTrust_Commercial_Root_CA_1 f081611a:Go_Daddy_Class_2_CA f0c70a8d:SSL.com_EV_Root_Certification_Authority_ECC f249de83:Trustwave_Global_Certification_Authority f30dd6ad:USERTrust_ECC_Certification_Authority f3377b1b:Security_Communication_Root_CA f387163d:Starfield_Class_2_CA f39fc864:SecureTrust_CA f51bb24c:Certigna_Root_CA fa5da96b:GLOBALTRUST_2020 fc5a8f99:USERTrust_RSA_Certification_Authority fd64f3fc:TunTrust_Root_CA fe8a2cd8:SZAFIR_ROOT_CA2 feffd413:GlobalSign_Root_E46 ff34af3f:TUBITAK_Kamu_SM_SSL_Kok_Sertifikasi_-_Surum_1';
