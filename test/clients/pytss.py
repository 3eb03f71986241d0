"""Uses tpm2-pytss at a simulator port like the owner of a TPM: TPM2_Startup, keys."""

import sys

from tpm2_pytss import ESAPI, TPM2_SU, TPM2B_PUBLIC, TPM2B_SENSITIVE_CREATE, TPMA_OBJECT, TSS2_Exception

with ESAPI(f"mssim:host=127.0.0.1,port={sys.argv[1]}") as tpm:
    try:
        tpm.get_random(4)
        print("started before startup")
    except TSS2_Exception as refused:
        print(f"before startup {refused.rc:#x}")
    tpm.startup(TPM2_SU.CLEAR)
    print(f"random {len(bytes(tpm.get_random(8)))}")
    endorsement_key = tpm.tr_from_tpmpublic(0x81010001)
    public, _, _ = tpm.read_public(endorsement_key)
    print(f"ek {bytes(public.publicArea.unique.rsa).hex()}")
    storage = TPM2B_PUBLIC.parse("ecc256:aes128cfb", TPMA_OBJECT.DEFAULT_TPM2_TOOLS_CREATEPRIMARY_ATTRS)
    primary, *_ = tpm.create_primary(TPM2B_SENSITIVE_CREATE(), storage)
    print(f"primary {int(tpm.tr_get_tpm_handle(primary)):#x}")
