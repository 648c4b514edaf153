/* SPDX-License-Identifier: MIT */
/* A part of vector_avx2.h and vector_avx512.h: operations whose intrinsics differ in the prefix
 * only. `vector` and VECTOR_INTRINSIC(name) are those of the including file. */

ALWAYS_INLINE vector load(const float *p)
{
    return VECTOR_INTRINSIC(loadu)(p);
}

ALWAYS_INLINE void store(float *p, vector v)
{
    VECTOR_INTRINSIC(storeu)(p, v);
}

ALWAYS_INLINE vector fill(float value)
{
    return VECTOR_INTRINSIC(set1)(value);
}

ALWAYS_INLINE vector add(vector a, vector b)
{
    return VECTOR_INTRINSIC(add)(a, b);
}

ALWAYS_INLINE vector subtract(vector a, vector b)
{
    return VECTOR_INTRINSIC(sub)(a, b);
}

ALWAYS_INLINE vector multiply(vector a, vector b)
{
    return VECTOR_INTRINSIC(mul)(a, b);
}

ALWAYS_INLINE vector divide(vector a, vector b)
{
    return VECTOR_INTRINSIC(div)(a, b);
}

/* a * b + c and c - a * b, rounded once. */
ALWAYS_INLINE vector multiply_add(vector a, vector b, vector c)
{
    return VECTOR_INTRINSIC(fmadd)(a, b, c);
}

ALWAYS_INLINE vector multiply_subtract_from(vector a, vector b, vector c)
{
    return VECTOR_INTRINSIC(fnmadd)(a, b, c);
}

/* The larger and the smaller of a constant and a value; of a value that is not a number, that. */
ALWAYS_INLINE vector at_least(float low, vector x)
{
    return VECTOR_INTRINSIC(max)(fill(low), x);
}

ALWAYS_INLINE vector at_most(float high, vector x)
{
    return VECTOR_INTRINSIC(min)(fill(high), x);
}

ALWAYS_INLINE vector larger(vector a, vector b)
{
    return VECTOR_INTRINSIC(max)(a, b);
}
