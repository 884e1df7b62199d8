// node-api-headers declares released Node-API only. The fallback's Node 20 has what better-sqlite3 needs of version 10
// under "experimental", where finalizers run inside the garbage collection unless they are posted to after it.
#define NAPI_VERSION 2147483647
#include <node_api.h>

#define NODE_API_EXPERIMENTAL_HAS_POST_FINALIZER
EXTERN_C_START
NAPI_EXTERN napi_status NAPI_CDECL node_api_post_finalizer(node_api_basic_env env,
                                                           napi_finalize finalize_cb,
                                                           void* finalize_data,
                                                           void* finalize_hint);
EXTERN_C_END
