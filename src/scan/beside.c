/* SPDX-License-Identifier: MIT */
#include "scan/container.h"
#include "scan/digest.h"

/* The name of a member as companions are asked for: divided by backslashes,
 * without a leading ".\". */
static struct str plain_name(struct arena *arena, struct str name)
{
    char *bytes = ARENA_ARRAY(arena, char, name.len);

    if (!bytes) {
        return str_of(NULL, 0);
    }
    for (size_t i = 0; i < name.len; i++) {
        bytes[i] = (char)(name.bytes[i] == '/' ? '\\' : name.bytes[i]);
    }
    struct str copy = str_of(bytes, name.len);
    while (str_starts_fold(copy, STR(".\\"))) {
        copy = str_sub(copy, 2, copy.len);
    }
    return copy;
}

/* Of names that differ in letter case alone the first by bytes counts, of equal
 * ones the first. */
static bool add_name(struct container *container, uint32_t index,
                     struct str *plain)
{
    plain[index] =
        plain_name(container->arena, container->entries.items[index].name);
    if (!plain[index].bytes) {
        return false;
    }
    uint32_t at = map_put(&container->by_name, container->arena, plain[index],
                          container->slots.n);
    if (at == container->slots.n) {
        return VEC_PUSH(container->arena, &container->slots, index);
    }
    if (at == MAP_NONE) {
        return false;
    }
    struct str there = plain[container->slots.items[at]];
    size_t len = there.len < plain[index].len ? there.len : plain[index].len;
    int order = memcmp(plain[index].bytes, there.bytes, len);
    if (order < 0 || (order == 0 && plain[index].len < there.len)) {
        container->slots.items[at] = index;
    }
    return true;
}

static bool index_names(struct container *container)
{
    uint32_t n = container->entries.n;
    struct str *plain = ARENA_ARRAY(container->arena, struct str, n);
    bool ok = plain != NULL;

    container->has_names = true;
    for (uint32_t i = 0; i < n && ok; i++) {
        plain[i] = STR("");
        if (container->entries.items[i].kind <= ENTRY_OTHER) {
            ok = add_name(container, i, plain);
        }
    }
    return ok;
}

static struct entry *find(struct neighbours *beside,
                          const struct companion_request *request)
{
    struct container *container = beside->container;
    struct buf name;

    buf_init(&name, SIZE_MAX / 2);
    buf_add(&name, beside->folder);
    buf_add(&name, request->name);
    uint32_t slot =
        name.failed ? MAP_NONE : map_get(&container->by_name, buf_str(&name));
    buf_deinit(&name);
    return slot == MAP_NONE
               ? NULL
               : &container->entries.items[container->slots.items[slot]];
}

/* The bytes of a member that the INF includes. */
static bool fetch(struct neighbours *beside, const struct entry *entry,
                  const struct companion_request *request, struct str *out)
{
    struct buf buf;
    bool ok = true;

    buf_init(&buf, request->max_bytes);
    if (entry->held) {
        buf_add(&buf, str_of(entry->held, (size_t)entry->size));
    } else {
        ok = container_fetch(beside->container, entry, &buf);
        beside->is_cut = beside->is_cut || !ok;
    }
    if (ok && !buf.failed) {
        *out = arena_copy(request->arena, buf.len ? buf_str(&buf) : STR(""));
    }
    buf_deinit(&buf);
    return out->bytes != NULL;
}

static bool beside_read(void *context, const struct companion_request *request,
                        struct companion_file *out)
{
    struct neighbours *beside = context;
    struct entry *entry = find(beside, request);

    *out = (struct companion_file){.bytes = {NULL, 0}};
    if (!entry) {
        return false;
    }
    if (!entry->sha256) {
        container_digest(beside->container);
    }
    out->size = entry->size;
    if (entry->size > request->max_bytes || !entry->sha256) {
        return true;
    }
    memcpy(out->sha256, entry->sha256, sizeof out->sha256);
    return !request->arena || fetch(beside, entry, request, &out->bytes);
}

static bool beside_is_cut(void *context)
{
    return ((struct neighbours *)context)->is_cut;
}

bool beside_source(struct neighbours *beside, struct container *container,
                   const struct entry *entry, struct companion_source *out)
{
    if (!container->has_names && !index_names(container)) {
        return false;
    }
    struct str name = plain_name(container->arena, entry->name);
    size_t len = name.len;
    while (len > 0 && name.bytes[len - 1] != '\\') {
        len--;
    }
    *beside = (struct neighbours){container, str_sub(name, 0, len), false};
    *out = (struct companion_source){beside, beside_read, beside_is_cut};
    return name.bytes != NULL;
}
