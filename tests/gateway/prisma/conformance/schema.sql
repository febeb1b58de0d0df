-- The tables of schema.prisma as Prisma would make them.
CREATE TYPE "Colour" AS ENUM ('RED', 'GREEN');
CREATE TABLE "Owner" ("id" text PRIMARY KEY, "name" text NOT NULL, "email" text);
CREATE UNIQUE INDEX "Owner_name_key" ON "Owner" ("name");
CREATE TABLE "Profile" (
  "id" serial PRIMARY KEY,
  "owner_id" text NOT NULL REFERENCES "Owner" ON DELETE CASCADE,
  "bio" jsonb NOT NULL
);
CREATE UNIQUE INDEX "Profile_owner_id_key" ON "Profile" ("owner_id");
CREATE TABLE "items" (
  "id" serial PRIMARY KEY,
  "item_label" text NOT NULL,
  "owner_id" text CONSTRAINT "items_owner_id_fkey" REFERENCES "Owner" ON DELETE CASCADE,
  "colour" "Colour" NOT NULL DEFAULT 'RED',
  "colours" "Colour"[],
  "count" bigint,
  "price" numeric(65, 30),
  "weight" double precision,
  "ready" boolean NOT NULL DEFAULT false,
  "made" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "changed" timestamp(3) NOT NULL,
  "data" jsonb,
  "set" jsonb NOT NULL DEFAULT '{}',
  "words" text[],
  "numbers" integer[],
  "bigs" bigint[],
  "blob" bytea
);
CREATE UNIQUE INDEX "items_owner_id_item_label_key" ON "items" ("owner_id", "item_label");
CREATE TABLE "Tag" ("name" text PRIMARY KEY);
CREATE TABLE "_ItemToTag" (
  "A" integer NOT NULL REFERENCES "items" ON DELETE CASCADE,
  "B" text NOT NULL REFERENCES "Tag" ON DELETE CASCADE
);
CREATE UNIQUE INDEX "_ItemToTag_AB_unique" ON "_ItemToTag" ("A", "B");
