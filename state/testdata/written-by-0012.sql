INSERT INTO views VALUES ('person/aaaaaaaaaaaaaaaaaaaaaaaaaa', 'risk this month', '/explore', 'range=mtd&f=team:risk', 1764064800000000);
